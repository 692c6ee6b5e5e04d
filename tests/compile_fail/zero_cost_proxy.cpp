// error: nascent: ZeroCost needs a proxy such as Parameters, Flops, SynFlow
#include <nascent/core.hpp>
#include <nascent/ranker/zero_cost.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Taste {};
#else
struct Taste {
  static constexpr Measure measure = Measure::naswot;
};
#endif

Search<RandomStrategy, ZeroCost<Taste>, SepConvSpace> search;
