// error: nascent: Repeat<k> gives each repetition a copy of its Ranker.s State
#include <memory>
#include <nascent/core.hpp>
#include <nascent/ranker/repeat.hpp>

using namespace nascent;

struct Mine {
  struct State {
#ifdef NASCENT_COMPILE_FAIL
    std::unique_ptr<int> memory;
#else
    std::shared_ptr<int> memory;
#endif
  };

  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train(Epochs{1});
    co_return outcome;
  }
};

Search<RandomStrategy, Repeat<2, Mine>, SepConvSpace> search;
