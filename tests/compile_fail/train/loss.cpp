// error: nascent: your Loss, argument 4 of Recipe, needs `at::Tensor operator...const at::Tensor&
// logits, const at::Tensor& labels. const`
#include <nascent/train/recipe.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  at::Tensor operator()(const at::Tensor& logits) const { return logits; }
};
#else
struct Mine {
  at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels) const {
    return CrossEntropy{}(logits, labels);
  }
};
#endif

Recipe<Sgd, Cosine, PaperAugment, Mine> recipe;
