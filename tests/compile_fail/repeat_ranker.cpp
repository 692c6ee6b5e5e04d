// error: nascent: your Ranker needs `struct State {...};`, default-constructible
#include <nascent/ranker/repeat.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {};
#else
struct Mine {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const {
    const Outcome outcome = co_await train(Epochs{1});
    co_return outcome;
  }
};
#endif

Repeat<3, Mine> ranker;
