#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_strided.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/zeros.h>
#include <c10/cuda/CUDAStream.h>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "nascent/cuda/cudnn_pointwise.hpp"
#include "nascent/cuda/fast_mode.hpp"
#include "nascent/cuda/graphed_step.hpp"
#include "nascent/cuda/kernels.hpp"
#include "nascent/cuda/on_stream.hpp"
#include "nascent/cuda/resident_set.hpp"
#include "nascent/train/batches.hpp"
#include "nascent/train/fast_path.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/optimiser/sgd.hpp"
#include "nascent/train/precision.hpp"

namespace nascent::cuda {

// The augmentations that `make_batch` knows.

template <int Crop, int Pad, int Length>
AugmentOptions augment_options(
    const Augment<RandomCrop<Crop, Pad>, HorizontalFlip, Cutout<Length>>& a) {
  return {a.pad, a.crop, a.cutout, a.flip, true};
}
inline AugmentOptions augment_options(const Augment<>&) { return {}; }

/// Trainers whose recipe the kernels know: SGD, the paper's augmentation or none, any loss.
template <class TrainerType>
concept HasFastTraining = requires(const TrainerType& trainer) {
  { augment_options(trainer.recipe().augmentation) } -> std::same_as<AugmentOptions>;
  { trainer.recipe().optimiser } -> std::convertible_to<Sgd>;
};

/// One training with its images on the device, its optimiser in one kernel, whole steps replayed as
/// CUDA graphs and one copy back an epoch; the same numbers as Trainer's own steps but for
/// rounding. The first step on a device is checked against these, and the first graph against plain
/// launches; what differs is switched off (FastMode).
template <class TrainerType>
class FastTraining final : public FastPath {
 public:
  FastTraining(const TrainerType& trainer, Network& network, at::Tensor momenta,
               const ImageSet& images, std::uint64_t seed)
      : trainer_(trainer),
        network_(network),
        momenta_(std::move(momenta)),
        images_(images),
        seed_(seed),
        stream_(c10::cuda::getStreamFromPool(false, network.device().index())),
        resident_(images, trainer.normalizer(), network.device()),
        raw_output_(trainer.recipe().augmentation.output(images.image)),
        steps_((images.size() + full() - 1) / full()) {
    const OnStream here(stream_);
    const at::TensorOptions here_options(network.device());
    network_.use_kernels(verdict(FastPart::chain) != Verdict::failed);
    const int batch = std::min(full(), images.size());
    batch_ = {image_buffer(batch, raw_output_), at::empty({batch}, here_options.dtype(at::kLong))};
    counted_ = at::zeros({kStateNumbers + 2 * steps_}, here_options.dtype(at::kDouble));
    losses_ = counted_.narrow(0, kStateNumbers, steps_);
    norms_ = counted_.narrow(0, kStateNumbers + steps_, steps_);
    state_ = counted_.narrow(0, 0, kStateNumbers).view(at::kByte);
    partial_ = at::empty({kPartialSums}, here_options.dtype(at::kDouble));
    const auto pool = at::cuda::graph_pool_handle();
    for (int kind = 0; kind < 4; ++kind)
      graphs_.emplace_back(kind == 0 ? kWarmUp : 1, network.device().index(), pool);
  }

  ~FastTraining() override {
    stream_.synchronize();
    network_.fuse_pointwise(nullptr);
    network_.use_kernels(false);
  }
  FastTraining(const FastTraining&) = delete;
  FastTraining& operator=(const FastTraining&) = delete;

  std::optional<EpochSums> train_epoch(int epoch, int epochs, Monitor& monitor) override {
    const OnStream here(stream_);
    begin_epoch(epoch, epochs);
    const bool silent = trainer_.nothing_left_to_learn(epoch, epochs, steps_);
    if (silent && !checked()) return {};
    if (!checked()) check(epoch, epochs);
    if (verdict(FastPart::step) == Verdict::failed) return {};
    const Products steady = network_.products();
    network_.fuse_pointwise(wanted_cudnn_pointwise(network_.device().index()));
    for (int i = 0; i < steps_; ++i) {
      if (monitor.cancelled()) throw Cancelled{};
      run(std::min(full(), images_.size() - i * full()), silent);
    }
    const at::Tensor counted = counted_.cpu();  // the one copy back
    return EpochSums{counted.narrow(0, kStateNumbers, steps_),
                     counted.narrow(0, kStateNumbers + steps_, steps_),
                     state_in(counted.const_data_ptr()).correct};
  }

  bool serves(const ImageSet& images, std::uint64_t seed) const override {
    return &images == &images_ && seed == seed_;
  }

  Accuracy evaluate(const ImageSet& images) override {
    const OnStream here(stream_);
    const at::NoGradGuard no_gradients;
    const Products steady = network_.products();
    if (evaluated_ != &images) {
      resident_evaluated_.emplace(images, trainer_.normalizer(), network_.device());
      evaluated_ = &images;
    }
    write_state({});
    const int batch = std::min(trainer_.recipe().evaluation_batch, images.size());
    const ImageBatch buffer{
        image_buffer(batch, images.image),
        at::empty({batch}, at::TensorOptions(network_.device()).dtype(at::kLong))};
    for (int begin = 0; begin < images.size(); begin += batch) {
      const ImageBatch part = first(buffer, std::min(batch, images.size() - begin));
      make_batch(resident_evaluated_->view(), nullptr, step_state(), begin, batch, {}, view(part),
                 stream_.stream());
      count(network_.forward(part.images, false), part, {});
    }
    return {state_in(state_.cpu().const_data_ptr()).correct, images.size()};
  }

 private:
  static constexpr int kWarmUp = 3;
  static constexpr int kStateNumbers = sizeof(StepState) / sizeof(double);
  static_assert(sizeof(StepState) == kStateNumbers * sizeof(double));

  // What a step changes.
  struct Snapshot {
    at::Tensor parameters, momenta, statistics, state;
  };

  int full() const { return trainer_.recipe().batch; }

  // Buffers.

  at::Tensor image_buffer(std::int64_t count, Shape s) const {
    return at::empty_strided({count, s.channels, s.height, s.width},
                             {s.size(), 1, std::int64_t{s.width} * s.channels, s.channels},
                             at::TensorOptions(network_.device()).dtype(at::kFloat));
  }

  static ImageBatch first(const ImageBatch& batch, int count) {
    return {batch.images.narrow(0, 0, count), batch.labels.narrow(0, 0, count)};
  }

  static BatchView view(const ImageBatch& batch) {
    return {batch.images.mutable_data_ptr<float>(), batch.labels.mutable_data_ptr<std::int64_t>(),
            static_cast<int>(batch.size()),         static_cast<int>(batch.images.size(2)),
            static_cast<int>(batch.images.size(3)), true};
  }

  StepState* step_state() const {
    return reinterpret_cast<StepState*>(state_.mutable_data_ptr<std::uint8_t>());
  }

  void write_state(const StepState& state) {
    state_.copy_(at::from_blob(const_cast<StepState*>(&state), {std::int64_t{sizeof state}},
                               at::TensorOptions(at::kByte)));
  }

  static StepState state_in(const void* bytes) {
    StepState state;
    std::memcpy(&state, bytes, sizeof state);
    return state;
  }

  // An epoch.

  void begin_epoch(int epoch, int epochs) {
    const std::vector<int> order = epoch_order(images_.size(), seed_, epoch);
    std::vector<double> rates(static_cast<std::size_t>(steps_));
    for (int i = 0; i < steps_; ++i)
      rates[std::size_t(i)] = trainer_.recipe().learning_rate_at({epoch, epochs, i, steps_});
    put(order_, order.data(), images_.size(), at::kInt);
    put(rates_, rates.data(), steps_, at::kDouble);
    losses_.zero_();
    norms_.zero_();
    write_state({seed_, epoch, 0, 0});
  }

  /// Into the same memory every epoch: the graphs read it.
  template <class Value>
  void put(at::Tensor& to, const Value* values, std::int64_t count, at::ScalarType type) {
    const at::Tensor from =
        at::from_blob(const_cast<Value*>(values), {count}, at::TensorOptions(type));
    if (to.defined())
      to.copy_(from);
    else
      to = from.to(network_.device());
  }

  void run(int images, bool silent) {
    GraphedStep& graphed = graphs_[std::size_t((silent ? 2 : 0) + (images == full() ? 0 : 1))];
    const auto plain = [&] { step(images, silent); };
    graphed.run(plain, [&](at::cuda::CUDAGraph& graph) { return verify(graph, plain); });
  }

  void step(int images, bool silent) {
    const ImageBatch batch = first(batch_, images);
    make_batch(resident_.view(), order_.const_data_ptr<int>(), step_state(), -1, full(),
               augment_options(trainer_.recipe().augmentation), view(batch), stream_.stream());
    if (silent) {
      const auto done = trainer_.look(network_, batch);
      return count(done.logits, batch, done.loss);
    }
    const auto done = trainer_.differentiate(network_, batch);
    const auto& recipe = trainer_.recipe();
    sgd_step({network_.flat_parameters().template mutable_data_ptr<float>(),
              network_.flat_gradients().template mutable_data_ptr<float>(),
              momenta_.mutable_data_ptr<float>(), momenta_.numel()},
             {recipe.clip, recipe.optimiser.momentum, recipe.optimiser.weight_decay},
             partial_.mutable_data_ptr<double>(), rates_.const_data_ptr<double>(),
             norms_.mutable_data_ptr<double>(), step_state(), stream_.stream());
    count(done.logits, batch, done.loss);
  }

  void count(const at::Tensor& logits, const ImageBatch& batch, const at::Tensor& loss) {
    const at::Tensor rows = logits.contiguous();
    count_answers(rows.const_data_ptr<float>(), batch.labels.const_data_ptr<std::int64_t>(),
                  static_cast<int>(rows.size(0)), static_cast<int>(rows.size(1)),
                  loss.defined() ? loss.const_data_ptr<float>() : nullptr,
                  losses_.mutable_data_ptr<double>(), step_state(), stream_.stream());
  }

  // Checks.

  Verdict verdict(FastPart part) const { return Verdicts::of(part, network_.device().index()); }

  bool to_be_checked(FastPart part) const {
    if (verdict(part) == Verdict::failed) return false;
    return verdict(part) == Verdict::untried || fast_mode() == FastMode::check;
  }

  /// Whether the step has been, with the kernels or without them as it will be used.
  bool checked() const {
    if (step_checked_) return true;
    return !to_be_checked(FastPart::step) &&
           !(network_.uses_kernels() && to_be_checked(FastPart::chain));
  }

  Snapshot save() {
    return {network_.flat_parameters().clone(), momenta_.clone(),
            network_.flat_statistics().clone(), state_.clone()};
  }

  void restore(const Snapshot& saved) {
    const at::NoGradGuard no_gradients;
    network_.flat_parameters().copy_(saved.parameters);
    momenta_.copy_(saved.momenta);
    network_.flat_statistics().copy_(saved.statistics);
    state_.copy_(saved.state);
  }

  /// Replays a new graph once, beside the same step launched plainly.
  template <class Plain>
  bool verify(at::cuda::CUDAGraph& graph, const Plain& plain) {
    if (!to_be_checked(FastPart::graph)) {
      graph.replay();
      return true;
    }
    const Snapshot before = save();
    graph.replay();
    const Snapshot replayed = save();
    restore(before);
    plain();
    const Snapshot launched = save();
    const bool same = at::equal(replayed.parameters, launched.parameters) &&
                      at::equal(replayed.momenta, launched.momenta) &&
                      at::equal(replayed.statistics, launched.statistics) &&
                      at::equal(replayed.state, launched.state);
    if (same)
      Verdicts::pass(FastPart::graph, network_.device().index());
    else
      Verdicts::fail(FastPart::graph, network_.device().index(),
                     "its step differs from the same kernels launched one by one");
    return same;
  }

  /// The first step, here and as Trainer does it: first without the kernels, then with them.
  /// Changes nothing.
  void check(int epoch, int epochs) {
    // Several trainings wait here for the first. Factors of 10 bits would leave differences of a
    // tenth of a move.
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    const Tf32 exactly(false);
    step_checked_ = true;
    const bool kernels = network_.uses_kernels();
    network_.use_kernels(false);
    if (to_be_checked(FastPart::step)) check(FastPart::step, epoch, epochs);
    if (!kernels || verdict(FastPart::step) == Verdict::failed) return;
    network_.use_kernels(true);
    if (to_be_checked(FastPart::chain)) check(FastPart::chain, epoch, epochs);
    network_.use_kernels(verdict(FastPart::chain) == Verdict::passed);
  }

  void check(FastPart part, int epoch, int epochs) {
    const Snapshot before = save();
    const int images = std::min(full(), images_.size());
    step(images, false);
    const Snapshot fast = save();
    const at::Tensor made = first(batch_, images).images.clone();
    restore(before);
    const ImageBatch batch = learn_plainly(epoch, epochs);
    const Snapshot plain = save();
    restore(before);
    const int device = network_.device().index();
    if (!at::equal(made, batch.images))
      return Verdicts::fail(part, device, "its batch differs from that of the CPU");
    const double moved = largest(plain.parameters - before.parameters),
                 apart = largest(plain.parameters - fast.parameters);
    if (!(apart <= kTolerance * moved))
      return Verdicts::fail(part, device,
                            "its parameters differ from LibTorch's by " + std::to_string(apart) +
                                " where a step moves them by " + std::to_string(moved));
    Verdicts::pass(part, device);
  }

  /// The first step as Trainer does it; gives its batch.
  ImageBatch learn_plainly(int epoch, int epochs) {
    TrainingBatches batches(images_, trainer_.recipe().augmentation, trainer_.normalizer(), full(),
                            seed_);
    batches.begin_epoch(epoch);
    ImageBatch batch = batches.at_step(0, network_.device());
    typename TrainerType::State state{{momenta_}, epoch};
    const bool kernels = network_.uses_kernels();
    network_.use_kernels(false);
    trainer_.learn(network_, state, batch,
                   trainer_.recipe().learning_rate_at({epoch, epochs, 0, steps_}));
    network_.use_kernels(kernels);
    return batch;
  }

  static double largest(const at::Tensor& difference) {
    return difference.abs().max().template item<double>();
  }

  /// Of the largest move of a parameter; the same formulas in another order of summation.
  static constexpr double kTolerance = 1e-2;

  const TrainerType trainer_;
  Network& network_;
  at::Tensor momenta_;
  const ImageSet& images_;
  std::uint64_t seed_;
  c10::cuda::CUDAStream stream_;
  ResidentSet resident_;
  Shape raw_output_;
  int steps_;
  bool step_checked_ = false;
  ImageBatch batch_;
  at::Tensor counted_, state_, losses_, norms_;  // the last three are views of the first
  at::Tensor partial_, order_, rates_;
  std::vector<GraphedStep> graphs_;  // full and last batch, learning and silent
  const ImageSet* evaluated_ = nullptr;
  std::optional<ResidentSet> resident_evaluated_;
};

/// Null where there is no GPU, where the recipe is not one for it, or where it is switched off.
template <class TrainerType>
std::shared_ptr<FastPath> fast_training([[maybe_unused]] const TrainerType& trainer,
                                        [[maybe_unused]] Network& network,
                                        [[maybe_unused]] typename TrainerType::State& state,
                                        [[maybe_unused]] const ImageSet& images,
                                        [[maybe_unused]] std::uint64_t seed) {
  if constexpr (HasFastTraining<TrainerType>) {
    if (network.device().is_cuda() && network.flat_parameters().scalar_type() == at::kFloat &&
        fast_mode() != FastMode::off &&
        Verdicts::of(FastPart::step, network.device().index()) != Verdict::failed)
      return std::make_shared<FastTraining<TrainerType>>(trainer, network, state.optimiser.momenta,
                                                         images, seed);
  }
  return nullptr;
}

}  // namespace nascent::cuda
