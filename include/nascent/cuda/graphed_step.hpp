#pragma once

#include <ATen/cuda/CUDAGraph.h>
#include <c10/util/Exception.h>

#include <exception>
#include <memory>
#include <string>

#include "nascent/cuda/fast_mode.hpp"

namespace nascent::cuda {

/// A step that is run plainly a few times, so that LibTorch has its plans and workspaces, then
/// captured as a CUDA graph and replayed.
///
/// Everything that changes from step to step must be in device memory. All calls are on one stream,
/// which is not the default one. Where a capture fails, steps are run plainly from then on.
class GraphedStep {
 public:
  /// `plain_runs`: before the capture.
  GraphedStep(int plain_runs, int device, at::cuda::MempoolId_t pool)
      : plain_runs_(plain_runs), device_(device), pool_(pool) {}

  /// `verify` is called once with the graph, instead of the step, before the graph is trusted.
  template <class Step, class Verify>
  void run(Step&& step, Verify&& verify) {
    if (graph_) return graph_->replay();
    if (plain_runs_ > 0 || Verdicts::of(FastPart::graph, device_) == Verdict::failed) {
      --plain_runs_;
      return step();
    }
    if (!capture(step)) return step();
    if (!verify(*graph_)) graph_.reset();
  }

 private:
  template <class Step>
  bool capture(Step&& step) {
    auto graph = std::make_unique<at::cuda::CUDAGraph>();
    bool begun = false;
    try {
      graph->capture_begin(pool_, cudaStreamCaptureModeThreadLocal);
      begun = true;
      step();
      begun = false;
      graph->capture_end();
      graph_ = std::move(graph);
      return true;
    } catch (const c10::OutOfMemoryError&) {  // that of the candidate, not of graphs
      if (begun) end_broken_capture(*graph);
      throw;
    } catch (const std::exception& error) {
      if (begun) end_broken_capture(*graph);
      const std::string why = error.what();
      Verdicts::fail(FastPart::graph, device_,
                     "a step cannot be captured: " + why.substr(0, why.find('\n')));
      return false;
    }
  }

  static void end_broken_capture(at::cuda::CUDAGraph& graph) {
    try {
      graph.capture_end();
    } catch (const std::exception&) {  // the reason is known already
    }
  }

  int plain_runs_, device_;
  at::cuda::MempoolId_t pool_;
  std::unique_ptr<at::cuda::CUDAGraph> graph_;
};

}  // namespace nascent::cuda
