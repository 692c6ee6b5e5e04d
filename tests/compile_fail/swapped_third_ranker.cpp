// error: nascent: argument 2 of Search is a Space; the order is Strategy, Ranker, Space
// error: nascent: argument 3 of Search is a Ranker; the order is Strategy, Ranker, Space
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Search<GreedyMacroMicro, SepConvSpace, DynamicEpochRanker> search;
#else
Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
#endif
