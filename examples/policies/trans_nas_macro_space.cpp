// TransNasMacroSpace: four to six modules that widen or reduce (Duan et al. 2021).
//   122133
//   accuracy 89.50 % after 600 epochs; 100 trials, 60000 epochs, 15000.0 s; finished
#include <nascent/space/trans_nas_macro_space.hpp>

#include "policies.hpp"

using namespace nascent;

void show_trans_nas_macro_space() {
  Search<LocalSearch, FixedEpochRanker, TransNasMacroSpace> search({.trials = 100});
  print(search.run(testing::Landscape{}, {.seed = 1}));
}
