// A strategy of your own: aging evolution, where the best of a few has a child and the oldest dies.
//   d12 w46 ops=csccsscccccc kernels=353353353335
//   accuracy 89.40 % after 10 epochs; 200 trials, 2000 epochs, 0.0 s, 11 repeated; finished
#include <cstdio>
#include <deque>
#include <nascent/core.hpp>
#include "toy_landscape.hpp"

using namespace nascent;

struct MyEvolution {
  int population = 20, sample = 5, trials = 200;
  template <MutableSpace Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Random random = judge.random("my evolution");
    std::deque<Judged<Space>> alive;  // oldest first
    alive.push_back(co_await judge(space.sample(random), Move::sample));
    Judged<Space> best = alive.front();
    for (int i = 1; i < trials; ++i) {
      auto next = space.sample(random);
      if (i >= population) {
        const auto draw = [&] { return alive[std::size_t(random.below(int(alive.size())))]; };
        Judged<Space> parent = draw();
        for (int other = 1; other < sample; ++other)
          if (Judged<Space> rival = draw(); rival.exceeds(parent)) parent = rival;
        next = mutated(space, parent.architecture, random);
        alive.pop_front();
      }
      alive.push_back(co_await judge(next, Move::sample));
      if (alive.back().exceeds(best)) judge.incumbent(best = alive.back());
    }
    co_return best;
  }
};

int main() {
  Search<MyEvolution, FixedEpochRanker, SepConvSpace> search({}, {.epochs = 10});
  const auto found = search.run(ToyLandscape{}, {.seed = 2});
  std::printf("%s\n%s\n", to_string(found.architecture).c_str(), found.summary().c_str());
}
