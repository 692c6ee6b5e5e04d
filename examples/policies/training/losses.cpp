// CrossEntropy, LabelSmoothing: of a confident right answer; smoothing keeps it from going to 0.
//   CrossEntropy: 0.018
//   LabelSmoothing: 0.218
#include <nascent/train/loss/cross_entropy.hpp>
#include <nascent/train/loss/label_smoothing.hpp>

#include "training.hpp"

using namespace nascent;

void show_losses() {
  const at::Tensor logits = at::full({1, 2}, 4.0F), label = at::zeros({1}, at::kLong);
  logits.select(1, 1).zero_();
  std::printf("CrossEntropy: %.3f\nLabelSmoothing: %.3f\n",
              CrossEntropy{}(logits, label).item<float>(),
              LabelSmoothing{.smoothing = 0.1}(logits, label).item<float>());
}
