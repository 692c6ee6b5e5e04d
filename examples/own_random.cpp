// A strategy of your own, the smallest: random search.
//   d13 w42 ops=ccssssccssccc kernels=3535533333535
//   accuracy 89.30 % after 10 epochs; 100 trials, 1000 epochs, 0.0 s; finished
#include <cstdio>
#include <nascent/core.hpp>

#include "toy_landscape.hpp"

using namespace nascent;

struct MyRandomSearch {
  int trials = 100;

  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Random random = judge.random("my random search");
    Judged<Space> best = co_await judge(space.sample(random), Move::sample);
    for (int i = 1; i < trials; ++i) {
      Judged<Space> drawn = co_await judge(space.sample(random), Move::sample);
      if (!drawn.exceeds(best)) continue;
      best = drawn;
      judge.incumbent(best);
    }
    co_return best;
  }
};

int main() {
  Search<MyRandomSearch, FixedEpochRanker, SepConvSpace> search({}, {.epochs = 10});
  const auto found = search.run(ToyLandscape{}, {.seed = 2});
  std::printf("%s\n%s\n", to_string(found.architecture).c_str(), found.summary().c_str());
}
