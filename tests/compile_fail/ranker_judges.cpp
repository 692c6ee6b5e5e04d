// error: nascent: your Ranker needs `Task<Judgement> operator.*State& state, Proposal proposal
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  struct State {};
  Task<Outcome> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train(Epochs{1});
    co_return outcome;
  }
};
#else
struct Mine {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train(Epochs{1});
    co_return outcome;
  }
};
#endif

Search<RandomStrategy, Mine, SepConvSpace> search;
