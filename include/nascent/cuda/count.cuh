#pragma once

#include "nascent/cuda/portable.cuh"
#include "nascent/cuda/step.hpp"

namespace nascent::cuda {

/// The end of a step: counts right answers, notes the loss and moves on to the next step. One
/// block.
struct CountAnswers {
  static constexpr int kThreads = 256, kPhases = 2;

  struct Shared {
    int correct[kThreads];
  };

  const float* logits = nullptr;  // [images, classes]
  const std::int64_t* labels = nullptr;
  int images = 0, classes = 0;
  const float* loss = nullptr;  // mean over the batch; null: there is none
  double* losses = nullptr;     // [steps]: sums over each batch
  StepState* at = nullptr;

  NASCENT_HOST_DEVICE void operator()(Phase<0>, Shared& shared, Place place) const {
    int correct = 0;
    for (int i = place.thread; i < images; i += kThreads)
      correct += answer(logits + std::int64_t{i} * classes) == labels[i];
    shared.correct[place.thread] = correct;
  }

  NASCENT_HOST_DEVICE void operator()(Phase<1>, Shared& shared, Place place) const {
    if (place.thread != 0) return;
    for (const int correct : shared.correct) at->correct += correct;
    if (loss != nullptr) losses[at->step] = double(*loss) * images;
    ++at->step;
  }

 private:
  /// The first of the largest, or of those that are not numbers, as at::argmax says.
  NASCENT_HOST_DEVICE int answer(const float* row) const {
    int best = 0;
    for (int c = 1; c < classes; ++c)
      if (row[c] > row[best] || (row[c] != row[c] && row[best] == row[best])) best = c;
    return best;
  }
};

}  // namespace nascent::cuda
