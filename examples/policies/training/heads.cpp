// CosFace, ArcFace, AdaFace: the logit of the true class of a face that lies 60 degrees from it, in
// units of the scale; without a margin 0.5.
//   CosFace 0.100, ArcFace 0.024, AdaFace 0.100
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <nascent/train/head/ada_face.hpp>
#include <nascent/train/head/arc_face.hpp>
#include <nascent/train/head/cos_face.hpp>

#include "training.hpp"

using namespace nascent;

template <HeadPolicy Head>
double true_class(const Head& head) {
  const at::Tensor face = at::tensor({0.5F, 0.8660254F}).view({1, 2});
  const at::Tensor classes = at::tensor({1.F, 0.F, 0.F, 1.F}).view({2, 2});
  auto state = head.start();
  const FaceBatch batch{face, at::tensor({20.F}).view({1, 1}), at::zeros({1}, at::kLong)};
  return head.logits(state, batch, classes)[0][0].template item<double>() / head.scale;
}

void show_heads() {
  std::printf("CosFace %.3f, ArcFace %.3f, AdaFace %.3f\n", true_class(CosFace{}),
              true_class(ArcFace{}), true_class(AdaFace{}));
}
