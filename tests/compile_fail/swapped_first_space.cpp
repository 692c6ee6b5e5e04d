// error: nascent: argument 1 of Search is a Space; the order is Strategy, Ranker, Space
#include <nascent/core.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Search<SepConvSpace, DynamicEpochRanker, GreedyMacroMicro> search;
#else
Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search;
#endif
