#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>
#include <nascent/core.hpp>
#include <nascent/search/executor/mpi.hpp>
#include <nascent/torch.hpp>

struct Shallow {  // in place of training, but with a tensor: best at the smallest depth
  nascent::Outcome evaluate(const nascent::Trial<nascent::Architecture>& trial) const {
    const at::Tensor accuracy = at::full({1}, 90.0f - static_cast<float>(trial.architecture().depth()));
    return nascent::Outcome(nascent::Accuracy::of_percent(accuracy.item<float>()), {}, trial.fidelity.epochs);
  }
};

int main(int argc, char** argv) {
  nascent::MpiSession session(argc, argv);
  if (session.is_worker()) return session.serve(nascent::SepConvSpace{}, Shallow{});
  nascent::Search<nascent::RandomStrategy, nascent::FixedEpochRanker, nascent::SepConvSpace> search(
      {.trials = 5}, {.epochs = 1});
  nascent::Mpi executor(session);
  return search.run(Shallow{}, {.seed = 1}, executor).finished() ? 0 : 1;
}
