// error: nascent: your Ranker needs `struct State {...};`, default-constructible
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  struct State {
    explicit State(int) {}
  };
#else
struct Mine {
  struct State {};
#endif

  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train(Epochs{1});
    co_return outcome;
  }
};

Search<RandomStrategy, Mine, SepConvSpace> search;
