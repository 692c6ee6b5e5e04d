// Mpi: trials are evaluated by the other ranks of a job that mpirun started; alone, by this one.
//   1 MPI rank
//   d14 w44 ops=sccsccscccscsc kernels=55533535553355
//   accuracy 88.10 % after 10 epochs; 20 trials, 200 epochs, 0.0 s; finished
#include <nascent/search/executor/mpi.hpp>

#include "policies.hpp"

using namespace nascent;

void show_mpi() {
  int argc = 0;
  char** argv = nullptr;
  MpiSession session(argc, argv);
  if (session.is_worker()) {
    session.serve(SepConvSpace{}, ToyLandscape{});
    return;
  }
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  Mpi executor(session);
  std::puts(executor.name().c_str());
  print(search.run(ToyLandscape{}, {.seed = 1}, executor));
}
