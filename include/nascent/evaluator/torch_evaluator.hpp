#pragma once

#include <torch/headeronly/version.h>

#include <c10/util/Exception.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "nascent/data/hold_out.hpp"
#include "nascent/meta/type_name.hpp"
#include "nascent/search/evaluator_policy.hpp"
#include "nascent/search/options.hpp"
#include "nascent/search/search_error.hpp"
#include "nascent/train/candidate_checkpoint.hpp"
#include "nascent/train/device.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/recipe.hpp"
#include "nascent/train/trainer.hpp"
#include "nascent/train/zero_cost.hpp"
#include "nascent/version.hpp"

namespace nascent {

template <class RecipeType = PaperRecipe>
struct TorchOptions {
  RecipeType recipe{};
  Device device{};          ///< the CPU, unless another is asked for
  int threads = 1;          ///< within one operation; part of the protocol
  bool paper_mode = false;  ///< the test set guides the search, as in the paper's own runs
  std::filesystem::path checkpoints{};  ///< directory for those of candidates; empty: none
  double checkpoint_seconds = 60;       ///< between two of one candidate; changes no outcome
};

/// Of a network trained from scratch, after its last epoch.
struct FinalAccuracy {
  Accuracy held_out, test;
};

/// Measures a candidate by training it from scratch, on any space that describes its networks.
///
/// The signal is the best epoch on the held-out images; in paper mode it is the best epoch on the
/// test set, which makes every accuracy of such a search optimistic.
/// A trial that measures a zero-cost proxy trains nothing: its score is of the network as
/// initialised, on the first batch of the training images without augmentation.
/// With a directory for checkpoints, a long training that was interrupted goes on bit for bit when
/// the same trial is evaluated again. They are a cache: what is damaged, of another protocol or
/// cannot be written is passed over, and a training that has ended leaves none.
/// A value: copies share the images. Trials may run in several threads, and in several processes
/// with the same checkpoints, at once.
template <class RecipeType = PaperRecipe>
class TorchEvaluator {
 public:
  explicit TorchEvaluator(HoldOut data, TorchOptions<RecipeType> options = {})
      : data_(std::make_shared<const HoldOut>(std::move(data))),
        options_(options),
        trainer_(options.recipe, Normalizer(data_->mean, data_->deviation), data_->flip) {}

  Outcome evaluate(const NetworkTrial& trial, Monitor& monitor) const {
    if (trial.fidelity.measure != Measure::accuracy) return zero_cost_score(trial);
    CandidateCheckpoint checkpoint(checkpoint_path(trial.seed), options_.checkpoint_seconds,
                                   [&] { return protocol(trial); });
    const ImageSet& signal = options_.paper_mode ? data_->test.open() : data_->held_out;
    const int epochs = trial.fidelity.epochs;
    try {
      Outcome outcome = with_network(trial, [&](Network& network) {
        typename TrainerType::Course course{trainer_.start(network), {}};
        checkpoint.template resume<Optimiser>(trial.network, network, course, epochs);
        return trainer_.go_on(network, course, data_->train, signal, epochs, trial.seed, monitor,
                              [&] {
                                if (course.state.epoch < epochs && checkpoint.due())
                                  checkpoint.template save<Optimiser>(
                                      trial.network, network, course, steps(course.state.epoch));
                              });
      });
      outcome.seconds = checkpoint.seconds();
      checkpoint.remove();
      return outcome;
    } catch (const Cancelled&) {
      throw;
    } catch (const SearchError&) {
      throw;
    } catch (...) {
      checkpoint.remove();
      throw;
    }
  }

  /// What remains to be done when a search has ended: trains afresh on the training images and
  /// looks at the test set once, after the last epoch.
  FinalAccuracy final_accuracy(const NetworkTrial& trial, Monitor& monitor) const {
    return with_network(trial, [&](Network& network) -> FinalAccuracy {
      trainer_.train(network, data_->train, trial.fidelity.epochs, trial.seed, monitor);
      return {trainer_.evaluate(network, data_->held_out),
              trainer_.evaluate(network, data_->test.open())};
    });
  }

  /// Shape of the images that networks are trained on, after the crop, and the classes.
  Problem problem() const {
    return {options_.recipe.augmentation.output(data_->train.image), data_->train.classes};
  }

  const HoldOut& data() const { return *data_; }

  /// The protocol: everything but the trial and the machine that an outcome depends on.
  template <class Field>
  void options(Field&& field) const {
    field("libtorch", TORCH_VERSION);
    field("data", data_->name);
    field("train_images", data_->train.size());
    field("train_checksum", data_->train.checksum());
    field("signal", signal_name());
    field("signal_images", options_.paper_mode ? data_->test.size() : data_->held_out.size());
    field("signal_checksum",
          options_.paper_mode ? data_->test.checksum() : data_->held_out.checksum());
    trainer_.recipe().options(field);
    field("threads", options_.threads);
  }

  /// Device and, on the CPU, instruction set.
  std::string machine() const {
    if (!options_.device.is_cpu()) return options_.device.type();
    return options_.device.type() + " " + cpu::kernels().instruction_set;
  }

  std::string caveat() const {
    return options_.paper_mode
               ? "PAPER MODE: the test set guides this search, so its accuracies are optimistic"
               : "";
  }

  std::string signal_name() const {
    return options_.paper_mode ? "test set (paper mode)" : "held-out";
  }

 private:
  using TrainerType =
      decltype(Trainer(std::declval<RecipeType>(), std::declval<Normalizer>(), true));
  using Optimiser = decltype(RecipeType::optimiser);

  /// What `use` makes of the trial's network, fresh; LibTorch's errors without their pages of
  /// stack.
  template <class Use>
  std::invoke_result_t<Use, Network&> with_network(const NetworkTrial& trial, Use use) const {
    const IntraOpThreads threads(options_.threads);
    try {
      Network network(trial.network, weight_seed(trial.seed), options_.device);
      return use(network);
    } catch (const c10::Error& error) {
      throw std::runtime_error(error.what_without_backtrace());
    }
  }

  /// Of the network that a training with this seed would start from.
  Outcome zero_cost_score(const NetworkTrial& trial) const {
    const IntraOpThreads threads(options_.threads);
    return zero_cost_outcome(trial, weight_seed(trial.seed), data_->train, trainer_.normalizer(),
                             trainer_.recipe().batch, options_.device);
  }

  static std::uint64_t weight_seed(std::uint64_t trial_seed) {
    return stable_hash("weights", mix(trial_seed));
  }

  std::filesystem::path checkpoint_path(std::uint64_t trial_seed) const {
    if (options_.checkpoints.empty()) return {};
    char name[40];
    std::snprintf(name, sizeof name, "%016llx.safetensors",
                  static_cast<unsigned long long>(trial_seed));
    return options_.checkpoints / name;
  }

  /// Everything that the course of a training depends on.
  TrainingProtocol protocol(const NetworkTrial& trial) const {
    OptionList list;
    append_options(list, "evaluator", *this);
    TrainingProtocol protocol(list.begin(), list.end());
    protocol["nascent"] = std::to_string(version.major) + "." + std::to_string(version.minor) +
                          "." + std::to_string(version.patch);
    protocol["recipe"] = meta::type_name<RecipeType>();
    protocol["machine"] = machine();
    protocol["network"] = to_string(trial.network);
    protocol["epochs"] = std::to_string(trial.fidelity.epochs);
    protocol["seed"] = std::to_string(trial.seed);
    return protocol;
  }

  std::int64_t steps(int epochs) const {
    const int batch = trainer_.recipe().batch;
    return std::int64_t{epochs} * ((data_->train.size() + batch - 1) / batch);
  }

  std::shared_ptr<const HoldOut> data_;
  TorchOptions<RecipeType> options_;
  TrainerType trainer_;
};

}  // namespace nascent
