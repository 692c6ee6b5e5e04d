// error: nascent: your Strategy needs `Task<Judged<Space>> operator.*Space space, Judge<Space>
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) {
    Judged<Space> best = co_await judge(space.start(), Move::start);
    co_return best;
  }
};
#else
struct Mine {
  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Judged<Space> best = co_await judge(space.start(), Move::start);
    co_return best;
  }
};
#endif

Search<Mine, FixedEpochRanker, SepConvSpace> search;
