// error: nascent: what you ask for has to be awaited: write `co_await train
#include <nascent/core.hpp>

using namespace nascent;

struct Mine {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
#ifdef NASCENT_COMPILE_FAIL
    const Outcome outcome = train(Epochs{1});
#else
    const Outcome outcome = co_await train(Epochs{1});
#endif
    co_return outcome;
  }
};

Search<RandomStrategy, Mine, SepConvSpace> search;
