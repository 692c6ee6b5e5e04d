// error: nascent: what you ask for has to be awaited: write .*co_await judge
#include <nascent/core.hpp>

using namespace nascent;

struct Mine {
  Task<Judged<SepConvSpace>> operator()(SepConvSpace space, Judge<SepConvSpace> judge) const {
#ifdef NASCENT_COMPILE_FAIL
    const Judged<SepConvSpace> best = judge(space.start(), Move::start);
#else
    const Judged<SepConvSpace> best = co_await judge(space.start(), Move::start);
#endif
    co_return best;
  }
};

Search<Mine, FixedEpochRanker, SepConvSpace> search;
