// error: nascent: Repeat<k> cannot repeat a Ranker that compares the candidates of a batch
#include <nascent/core.hpp>
#include <nascent/ranker/asha.hpp>
#include <nascent/ranker/repeat.hpp>
#include <nascent/ranker/hyperband.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
Search<RandomStrategy, Repeat<3, Hyperband>, SepConvSpace> search;
#else
Search<RandomStrategy, Repeat<3, Asha>, SepConvSpace> search;
#endif
