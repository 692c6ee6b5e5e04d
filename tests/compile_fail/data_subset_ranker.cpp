// error: nascent: your Ranker needs `Task<Judgement> operator.*State& state, Proposal proposal
#include <nascent/ranker/data_subset.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  struct State {};
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

DataSubset<Mine> ranker;
