// error: nascent: your data set needs `std::string name`
// error: nascent: your data set needs `ImageSet train, test`
#include <nascent/data/dataset_policy.hpp>

using namespace nascent;

struct Mine {
#ifndef NASCENT_COMPILE_FAIL
  std::string name;
  ImageSet train, test;
#endif
  std::vector<double> mean, deviation;
  bool flip = false;
};

HoldOut parts = hold_out(Mine{}, 0.1);
