// error: nascent: your Ranker must be copyable, since every run has its own copy
#include <memory>
#include <nascent/core.hpp>

using namespace nascent;

struct Mine : FixedEpochRanker {
#ifdef NASCENT_COMPILE_FAIL
  std::unique_ptr<int> memory;
#else
  std::shared_ptr<int> memory;
#endif
};

Search<RandomStrategy, Mine, SepConvSpace> search;
