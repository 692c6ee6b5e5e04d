// error: nascent: your Optimiser, argument 1 of Recipe, needs `static void visit.State& state
#include <nascent/train/recipe.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  double learning_rate = 0.1;
  struct State {};
  State start(const at::Tensor&) const { return {}; }
  void step(State&, at::Tensor& parameters, at::Tensor& gradients, double rate) const {
    parameters.sub_(gradients, rate);
  }
};
#else
struct Mine {
  double learning_rate = 0.1;
  struct State {};
  State start(const at::Tensor&) const { return {}; }
  void step(State&, at::Tensor& parameters, at::Tensor& gradients, double rate) const {
    parameters.sub_(gradients, rate);
  }
  template <class Visit>
  static void visit(State&, Visit&&) {}
};
#endif

Recipe<Mine, Cosine, PaperAugment> recipe;
