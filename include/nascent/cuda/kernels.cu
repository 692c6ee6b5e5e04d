// The one source that nvcc compiles: nascent_enable_cuda(target) adds it to a program.
#include "nascent/cuda/kernels.hpp"

#include <algorithm>

#include "nascent/cuda/augment.cuh"
#include "nascent/cuda/chain_kernels.cuh"
#include "nascent/cuda/count.cuh"
#include "nascent/cuda/sgd.cuh"

namespace nascent::cuda {

void make_batch(const ResidentImages& from, const int* order, const StepState* at, int begin,
                int batch, const AugmentOptions& options, const BatchView& to, Stream stream) {
  launch(MakeBatch{from, order, at, begin, batch, options, to}, to.count, stream);
}

void sgd_step(const FlatNetwork& network, const SgdOptions& options, double* partial,
              const double* rates, double* norms, const StepState* at, Stream stream) {
  launch(SumSquares{network.gradients, network.count, partial}, kPartialSums, stream);
  const auto blocks = (network.count + SgdStep::kThreads - 1) / SgdStep::kThreads;
  launch(SgdStep{network, options, partial, rates, norms, at},
         static_cast<int>(std::min<std::int64_t>(blocks, 1024)), stream);
}

void count_answers(const float* logits, const std::int64_t* labels, int images, int classes,
                   const float* loss, double* losses, StepState* at, Stream stream) {
  launch(CountAnswers{logits, labels, images, classes, loss, losses, at}, 1, stream);
}

namespace {

struct Launch {
  template <class Body>
  void operator()(const Body& body, int blocks) const {
    launch(body, blocks, stream);
  }
  Stream stream;
};

}  // namespace

std::unique_ptr<ChainKernels> chain_kernels(Stream stream) {
  return std::make_unique<ChainKernelsBy<Launch>>(Launch{stream});
}

}  // namespace nascent::cuda
