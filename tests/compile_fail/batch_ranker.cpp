// error: nascent: this Ranker compares the candidates of a batch, and this Strategy proposes them one by one
#include <nascent/core.hpp>
#include <nascent/ranker/successive_halving.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Search<GreedyMacroMicro, SuccessiveHalving, SepConvSpace> search;
#else
Search<RandomStrategy, SuccessiveHalving, SepConvSpace> search;
#endif
