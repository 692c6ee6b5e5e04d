// error: nascent: the crew of your Executor needs `std::optional<Finished> wait.JobHost& host
#include <nascent/core.hpp>

using namespace nascent;

Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search;

struct Evaluator {
  Outcome evaluate(const Trial<Architecture>&) { return {}; }
};

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  struct Workers {
    int size() const { return 1; }
    void start(JobId, const Trial<Architecture>&) {}
    void cancel(JobId) {}
    Outcome wait(JobHost&) { return {}; }
  };

  Workers crew(const SepConvSpace&, Evaluator&) { return {}; }
};
#else
struct Mine {
  struct Workers {
    int size() const { return 1; }
    void start(JobId, const Trial<Architecture>&) {}
    void cancel(JobId) {}
    std::optional<Finished> wait(JobHost&) { return {}; }
  };

  Workers crew(const SepConvSpace&, Evaluator&) { return {}; }
};
#endif

void run() { search.run(Evaluator{}, {}, Mine{}); }
