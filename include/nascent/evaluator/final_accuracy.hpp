// What a search's networks are worth when they are trained to their end.
#pragma once

#include "nascent/search/accuracy.hpp"

namespace nascent {

/// Of a network trained from scratch, after its last epoch.
struct FinalAccuracy {
  Accuracy held_out, test;  ///< right answers of all images
};

}  // namespace nascent
