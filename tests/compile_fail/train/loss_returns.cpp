// error: nascent: your Loss, argument 4 of Recipe, needs `at::Tensor operator
#include <nascent/train/recipe.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  double operator()(const at::Tensor&, const at::Tensor&) const { return 0; }
};
#else
struct Mine {
  at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels) const {
    return CrossEntropy{}(logits, labels);
  }
};
#endif

Recipe<Sgd, Cosine, PaperAugment, Mine> recipe;
