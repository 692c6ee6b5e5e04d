// error: nascent: your Strategy needs `Task<Judged<Space>> operator
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  template <SpacePolicy Space>
  Task<Judgement> operator()(Space space, Judge<Space> judge) const {
    Judged<Space> best = co_await judge(space.start(), Move::start);
    co_return Judgement{};
  }
};
#else
struct Mine {
  template <SpacePolicy Space>
  Task<Judged<Space> > operator()(Space space, Judge<Space> judge) const {
    Judged<Space> best = co_await judge(space.start(), Move::start);
    co_return best;
  }
};
#endif

Search<Mine, FixedEpochRanker, SepConvSpace> search;
