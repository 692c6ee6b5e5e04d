#pragma once

#include <torch/headeronly/version.h>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/matmul.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <numbers>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "nascent/data/augment/augment.hpp"
#include "nascent/data/augment/brightness_contrast.hpp"
#include "nascent/data/augment/random_affine.hpp"
#include "nascent/data/image_set.hpp"
#include "nascent/face/comparisons.hpp"
#include "nascent/face/equal_error.hpp"
#include "nascent/meta/type_name.hpp"
#include "nascent/search/evaluator_policy.hpp"
#include "nascent/search/options.hpp"
#include "nascent/search/stopwatch.hpp"
#include "nascent/train/batches.hpp"
#include "nascent/train/device.hpp"
#include "nascent/train/face_embeddings.hpp"
#include "nascent/train/face_training.hpp"
#include "nascent/train/he_initialisation.hpp"
#include "nascent/train/head/cos_face.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/machine.hpp"
#include "nascent/train/precision.hpp"
#include "nascent/train/torch_errors.hpp"

namespace nascent {

/// Small shifts, turns and sizes, other light, mirror images: what a detected face varies in.
using FaceAugment = Augment<RandomAffine, BrightnessContrast, HorizontalFlip>;

/// How face networks are trained.
template <class Head = CosFace>
struct FaceOptions {
  Head head{};                 ///< that tells the training identities apart
  FaceSgd sgd{};               ///< how a step moves the parameters; the rate falls as a cosine
  FaceAugment augmentation{};  ///< random changes of training images
  int batch = 32;              ///< images a step; a last step of one image is left out
  int threads = 1;             ///< within one operation; part of the protocol
  Device device{};             ///< the CPU, unless another is asked for
};

/// Measures face networks by training them on some people and verifying others: the held-out
/// identities, which no candidate is trained on.
///
/// The signal, after the last epoch, is 1 - EER over all comparisons of two held-out images by the
/// cosine of their embeddings, in exact counts: with P comparisons of one person and N of different
/// ones, (right of P) * N + (right of N) * P of 2 P N at the threshold of the equal error rate. An
/// embedding is that of the image and of its mirror image, summed with their lengths and
/// normalised. Pixels are (x / 255 - 0.5) / 0.5. The same trial gives the same bits.
template <class Head = CosFace>
class FaceEvaluator {
 public:
  static_assert(detail::explain_head<Head>());

  /// Two sets of images by identity, of one shape, with nobody in common.
  FaceEvaluator(ImageSet train, ImageSet held_out, FaceOptions<Head> options = {})
      : data_(std::make_shared<Data>(Data{std::move(train), std::move(held_out)})),
        options_(std::move(options)),
        normalizer_(std::vector<double>(channels(), .5), std::vector<double>(channels(), .5)) {
    if constexpr (requires { options_.head.check(); }) options_.head.check();
    options_.sgd.check();
    options_.augmentation.check();
    if (options_.batch < 2 || data_->train.size() < 2)
      throw std::invalid_argument("a face network is trained on at least 2 images a step");
  }

  /// Where GPUs are taken in turn, this copy takes the worker's.
  void serve_as(int worker) { options_.device = options_.device.of_worker(worker); }

  Outcome evaluate(const NetworkTrial& trial, Monitor& monitor) const {
    const Fidelity& fidelity = trial.fidelity;
    if (fidelity.measure != Measure::accuracy || fidelity.share != 1 || trial.resumes() ||
        !trial.origin.empty())
      throw std::invalid_argument(
          "FaceEvaluator trains networks afresh, on all images, for their accuracy; use a ranker "
          "such as DynamicEpochRanker and a strategy that inherits no weights");
    const Stopwatch used;
    EpochReport last;
    Outcome outcome = with_short_errors(options_.device, [&] {
      const auto network =
          train(data_->train, trial.network, fidelity.epochs, trial.seed, monitor, &last);
      return Outcome(signal(*network, data_->held_out), last.train, fidelity.epochs);
    });
    outcome.seconds = used.seconds();
    return outcome;
  }

  /// A network of this description, trained on any images by identity.
  std::unique_ptr<Network> train(const ImageSet& images, const NetworkDescription& description,
                                 int epochs, std::uint64_t seed, Monitor& monitor,
                                 EpochReport* last = nullptr) const {
    const IntraOpThreads threads(options_.threads);
    return with_short_errors(options_.device, [&] {
      auto network = std::make_unique<Network>(description, seed, options_.device);
      initialise_he(description, *network, stable_hash("weights", mix(seed)));
      FaceTraining<Head> training(description, *network,
                                  classes(description.problem.classes, images.classes, seed)
                                      .to(at::Device(options_.device)),
                                  options_.head, options_.sgd);
      TrainingBatches<FaceAugment> batches(images, options_.augmentation, normalizer_,
                                           options_.batch, seed);
      for (int epoch = 0; epoch < epochs; ++epoch) {
        network->seed_dropout(stable_hash("dropout", mix(seed + static_cast<unsigned>(epoch))));
        const EpochReport report = train_epoch(training, batches, epoch, epochs, monitor);
        if (last) *last = report;
        monitor.on_epoch(report);
      }
      return network;
    });
  }

  /// Embeddings of length 1 of images and their mirror images, [images, numbers], on the CPU.
  at::Tensor embed(Network& network, const ImageSet& images) const {
    const IntraOpThreads threads(options_.threads);
    return face_embeddings(network, images, normalizer_);
  }

  /// All comparisons of two images, by the cosine of their embeddings.
  Comparisons compare(Network& network, const ImageSet& images) const {
    const at::Tensor vectors = embed(network, images);
    const at::Tensor scores = at::matmul(vectors, vectors.t()).contiguous();
    const float* score = scores.const_data_ptr<float>();
    std::vector<ScoredPair> all;
    for (int i = 0; i < images.size(); ++i)
      for (int k = i + 1; k < images.size(); ++k)
        all.push_back(
            {images.label(i) == images.label(k), score[std::ptrdiff_t{i} * images.size() + k]});
    return Comparisons(all);
  }

  /// 1 - EER, in exact counts.
  Accuracy signal(Network& network, const ImageSet& images) const {
    const OperatingPoint point = eer(compare(network, images));
    return {point.true_accepts * point.negatives +
                (point.negatives - point.false_accepts) * point.positives,
            2 * point.positives * point.negatives};
  }

  /// Shape of the images that networks are trained on, after the crop, and the identities.
  Problem problem() const {
    return {options_.augmentation.output(data_->train.image), data_->train.classes};
  }

  template <class Field>
  void options(Field&& field) const {
    field("libtorch", TORCH_VERSION);
    field("train_images", data_->train.size());
    field("train_checksum", data_->train.checksum());
    field("signal", "1 - EER of held-out identities");
    field("signal_images", data_->held_out.size());
    field("signal_checksum", data_->held_out.checksum());
    if constexpr (detail::lists_options<Head>)
      field("head", options_.head);  // nested: it has a scale, as the augmentation has
    else
      field("head", meta::type_name<Head>());
    options_.sgd.options(field);
    options_.augmentation.options(field);
    field("batch", options_.batch);
    field("threads", options_.threads);
  }

  /// What rounding depends on.
  std::string machine() const { return machine_of(options_.device); }

 private:
  struct Data {
    ImageSet train, held_out;
  };

  std::size_t channels() const { return static_cast<std::size_t>(data_->train.image.channels); }

  /// Columns of length 1 in random directions, [numbers, classes].
  static at::Tensor classes(int numbers, int count, std::uint64_t seed) {
    const at::NoGradGuard guard;
    at::Generator generator =
        at::make_generator<at::CPUGeneratorImpl>(stable_hash("classes", mix(seed)));
    const at::Tensor drawn = at::empty({numbers, count}, at::kFloat).normal_(0, 1, generator);
    return drawn / at::linalg_vector_norm(drawn, 2, {0}, true);
  }

  EpochReport train_epoch(FaceTraining<Head>& training, TrainingBatches<FaceAugment>& batches,
                          int epoch, int epochs, Monitor& monitor) const {
    const Products exact(options_.device, Precision::fp32);
    batches.begin_epoch(epoch);
    EpochReport report;
    report.epoch = epoch + 1;
    report.epochs = epochs;
    const int steps = batches.steps();
    for (int step = 0; step < steps; ++step) {
      if (monitor.cancelled()) throw Cancelled{};
      const ImageBatch batch = batches.at_step(step, options_.device);
      if (batch.size() < 2) continue;  // over one image there is no batch norm
      const double done = (epoch + double(step) / steps) / epochs;
      const double rate = options_.sgd.learning_rate * (1 + std::cos(std::numbers::pi * done)) / 2;
      const auto learned = training.learn(batch.images, batch.labels, rate);
      const double loss = learned.loss.template item<double>();
      if (!std::isfinite(loss))
        throw std::runtime_error("the loss is not finite in epoch " + std::to_string(epoch + 1));
      report.loss += loss * static_cast<double>(batch.size());
      report.train.correct +=
          learned.logits.argmax(1).eq(batch.labels).sum().template item<std::int64_t>();
      report.train.total += batch.size();
    }
    report.loss /= static_cast<double>(report.train.total);
    return report;
  }

  std::shared_ptr<const Data> data_;
  FaceOptions<Head> options_;
  Normalizer normalizer_;
};

}  // namespace nascent
