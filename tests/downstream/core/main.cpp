#include <cmath>
#include <nascent/core.hpp>
#ifdef WITH_mpi
#include <nascent/search/executor/mpi.hpp>
#endif

struct Best {  // in place of training: best at 12 layers
  nascent::Outcome evaluate(const nascent::Trial<nascent::Architecture>& trial) const {
    return nascent::Outcome(nascent::Accuracy::of_percent(90 - std::abs(trial.architecture().depth() - 12)), {}, trial.fidelity.epochs);
  }
};

#ifdef WITH_mpi
int main(int argc, char** argv) {
  nascent::MpiSession mpi(argc, argv);
#else
int main() {
#endif
  nascent::Search<nascent::GreedyMacroMicro, nascent::DynamicEpochRanker, nascent::SepConvSpace> search;
  return search.run(Best{}, {.seed = 1}).architecture.depth() == 12 ? 0 : 1;
}
