// Session: ask and tell, for an evaluator that cannot be called by a search.
//   d14 w44 ops=sccsccscccscsc kernels=55533535553355
#include "policies.hpp"

using namespace nascent;

void show_session() {
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 20}, {.epochs = 10});
  Session session(search, 1);
  while (const auto trial = session.ask())
    session.tell(trial->number, ToyLandscape{}.evaluate(*trial));
  std::puts(to_string(session.best()->architecture).c_str());
}
