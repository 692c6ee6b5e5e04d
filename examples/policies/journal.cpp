// Journal: keeps a run in a directory; the same line again goes on where it ended.
//   d14 w44 ops=sccsccscccscsc kernels=55533535553355
//   accuracy 88.10 % after 10 epochs; 20 trials, 200 epochs, 0.0 s; finished
#include <filesystem>

#include "policies.hpp"

using namespace nascent;

void show_journal() {
  const auto directory = std::filesystem::temp_directory_path() / "nascent-journal-example";
  std::filesystem::remove_all(directory);
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  search.run(ToyLandscape{}, {.seed = 1, .max_trials = 5}, Journal(directory));  // and then:
  print(search.run(ToyLandscape{}, {.seed = 1}, Journal(directory)));
}
