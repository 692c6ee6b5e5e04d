#pragma once

namespace nascent {

/// Where in a training a step lies; epochs and steps count from 0.
struct SchedulePosition {
  int epoch = 0, epochs = 1;  ///< counted from 0, of so many
  int step = 0, steps = 1;    ///< within the epoch
};

}  // namespace nascent
