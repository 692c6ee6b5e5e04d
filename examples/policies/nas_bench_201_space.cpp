// NasBench201Space: cells of six edges, five operations each (Dong & Yang 2020).
//   422032
//   accuracy 89.50 % after 600 epochs; 100 trials, 60000 epochs, 15000.0 s; finished
#include <nascent/space/nas_bench_201_space.hpp>

#include "policies.hpp"

using namespace nascent;

void show_nas_bench_201_space() {
  Search<LocalSearch, FixedEpochRanker, NasBench201Space> search({.trials = 100});
  print(search.run(testing::Landscape{}, {.seed = 1}));
}
