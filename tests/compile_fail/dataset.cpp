// error: nascent: your data set needs `std::vector<double> mean, deviation`, one a channel
// error: nascent: your data set needs `bool flip`, whether a mirrored image keeps its class
#include <nascent/data/dataset_policy.hpp>

using namespace nascent;

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  std::string name;
  ImageSet train, test;
};
#else
struct Mine {
  std::string name;
  ImageSet train, test;
  std::vector<double> mean, deviation;
  bool flip = false;
};
#endif

HoldOut parts = hold_out(Mine{}, {.images = 100});
