#pragma once

#include <torch/headeronly/version.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iterator>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "nascent/data/data_error.hpp"
#include "nascent/data/hold_out.hpp"
#include "nascent/data/subset.hpp"
#include "nascent/evaluator/final_accuracy.hpp"
#include "nascent/evaluator/own_epochs.hpp"
#include "nascent/meta/type_name.hpp"
#include "nascent/search/evaluator_policy.hpp"
#include "nascent/search/options.hpp"
#include "nascent/search/search_error.hpp"
#include "nascent/train/candidate_checkpoint.hpp"
#include "nascent/train/changed_recipe.hpp"
#include "nascent/train/device.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/latency.hpp"
#include "nascent/train/machine.hpp"
#include "nascent/train/morphism.hpp"
#include "nascent/train/network.hpp"
#include "nascent/train/precision.hpp"
#include "nascent/train/recent_states.hpp"
#include "nascent/train/recipe.hpp"
#include "nascent/train/torch_errors.hpp"
#include "nascent/train/trainer.hpp"
#include "nascent/train/zero_cost.hpp"
#include "nascent/version.hpp"

namespace nascent {

/// How candidates are trained, and where.
template <class RecipeType = PaperRecipe>
struct TorchOptions {
  RecipeType recipe{};      ///< optimiser, schedule, augmentation, loss
  Device device{};          ///< the CPU, unless another is asked for
  int threads = 1;          ///< within one operation; part of the protocol
  bool paper_mode = false;  ///< the test set guides the search, as in the paper's own runs
  std::filesystem::path checkpoints{};  ///< directory for those of candidates; empty: none
  double checkpoint_seconds = 60;       ///< between two of one candidate; changes no outcome
  std::size_t state_bytes = std::size_t{256}
                            << 20;  ///< memory for trainings that others go on from
  bool latency = false;  ///< times each network: metric "latency_ms", of one image on one CPU core
  Precision precision = Precision::tf32;  ///< of a GPU's products; part of the protocol there
};

/// Measures a candidate by training it, on any space that describes its networks: from scratch, on
/// from where an earlier trial paused (bit for bit as if it had not), or with the weights that it
/// inherits.
///
/// A candidate with a recipe of its own is trained by that, changed into the evaluator's.
/// The signal is the best epoch on the held-out images; in paper mode it is the best epoch on the
/// test set, which makes every accuracy of such a search optimistic.
/// A trial that measures a zero-cost proxy trains nothing: its score is of the network as
/// initialised, on the first batch of the training images without augmentation.
/// What trials go on from is kept in memory and, with a directory for checkpoints, on disk; what is
/// lost is trained again, to the same bits; so is a long training that was interrupted. Files are a
/// cache: what is damaged or of another protocol is passed over (docs/journal.md).
/// A latency is a timing, which differs from time to time; a journal tells it again as it was.
/// Copies share all. Trials may run in several threads, and processes with the same checkpoints.
template <class RecipeType = PaperRecipe>
class TorchEvaluator {
 public:
  /// Candidates may bring a recipe of their own.
  static constexpr bool heeds_recipe = true;

  /// Throws std::invalid_argument for a recipe that no training can use.
  explicit TorchEvaluator(HoldOut data, TorchOptions<RecipeType> options = {})
      : shared_(std::make_shared<Shared>(std::move(data), options.state_bytes)),
        options_(options),
        trainer_(options.recipe, Normalizer(this->data().mean, this->data().deviation),
                 this->data().flip) {}

  /// Where GPUs are taken in turn, this copy takes the worker's.
  void serve_as(int worker) { options_.device = options_.device.of_worker(worker); }

  Outcome evaluate(const NetworkTrial& trial, Monitor& monitor) const {
    if (trial.fidelity.measure != Measure::accuracy) return zero_cost_score(trial);
    if (trial.fidelity.epochs_to_train() < 1)
      throw std::invalid_argument("a trial needs at least 1 epoch of its own to train");
    CandidateCheckpoint checkpoint = checkpoint_of(trial);
    try {
      Outcome outcome = with_network(trial, [&](Network& network) {
        Course course = begin(trial, network, checkpoint, monitor);
        detail::OwnEpochs own(monitor, trial.fidelity.resumed);
        train(trial, network, course, checkpoint, own);
        keep(trial, network, course, checkpoint, will_go_on(trial));
        return course.best;
      });
      if (trial.resumes() && trial.parent) checkpoint_of(*trial.parent).remove();
      outcome.epochs = trial.fidelity.epochs_to_train();
      outcome.curve.erase(outcome.curve.begin(),
                          outcome.curve.begin() + (std::ssize(outcome.curve) - outcome.epochs));
      outcome.seconds = checkpoint.seconds();
      if (options_.latency)
        outcome.metrics.emplace_back("latency_ms",
                                     latency_ms(trial.network, data().held_out.image));
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
      trainer_of(trial).train(network, data().train, trial.fidelity.epochs, trial.seed, monitor);
      return {trainer_.evaluate(network, data().held_out),
              trainer_.evaluate(network, FinalEvaluation::look(data().test))};
    });
  }

  /// Shape of the images that networks are trained on, after the crop, and the classes.
  Problem problem() const {
    return {options_.recipe.augmentation.output(data().train.image), data().train.classes};
  }

  /// What it trains on and measures with.
  const HoldOut& data() const { return shared_->data; }

  /// The protocol: everything but the trial and the machine that an outcome depends on.
  template <class Field>
  void options(Field&& field) const {
    field("libtorch", TORCH_VERSION);
    field("data", data().name);
    field("train_images", data().train.size());
    field("train_checksum", data().train.checksum());
    field("signal", signal_name());
    field("signal_images", options_.paper_mode ? data().test.size() : data().held_out.size());
    field("signal_checksum",
          options_.paper_mode ? data().test.checksum() : data().held_out.checksum());
    trainer_.recipe().options(field);
    field("threads", options_.threads);
    if (!options_.device.is_cpu()) field("precision", std::string(to_string(options_.precision)));
    if (options_.latency) field("latency", true);
  }

  /// Device; on the CPU the instruction set, on a GPU the fast path that passed its checks.
  std::string machine() const {
#ifdef NASCENT_CUDA
    if (!options_.device.is_cpu())
      return machine_of(options_.device) + cuda::passed_path(at::Device(options_.device).index());
#endif
    return machine_of(options_.device);
  }

  std::string caveat() const {
    return options_.paper_mode
               ? "PAPER MODE: the test set guides this search, so its accuracies are optimistic"
               : "";
  }

  /// Which images guide the search, in words.
  std::string signal_name() const {
    return options_.paper_mode ? "test set (paper mode)" : "held-out";
  }

 private:
  using TrainerType =
      decltype(Trainer(std::declval<RecipeType>(), std::declval<Normalizer>(), true));
  using Optimiser = decltype(RecipeType::optimiser);
  using Course = typename TrainerType::Course;

  /// What copies have in common.
  struct Shared {
    Shared(HoldOut images, std::size_t state_bytes)
        : data(std::move(images)), states(state_bytes) {}

    const HoldOut data;
    ImageShares shares;
    RecentStates states;
    std::once_flag listed;
    TrainingProtocol protocol;  // of all trials
  };

  /// What `use` makes of the trial's network, fresh.
  template <class Use>
  std::invoke_result_t<Use, Network&> with_network(const NetworkTrial& trial, Use use) const {
    const IntraOpThreads threads(options_.threads);
    return with_short_errors(options_.device, [&] {
      Network network(trial.network, weight_seed(trial.seed), options_.device);
      network.compute_in(options_.precision);
      return use(network);
    });
  }

  /// Of the network that a training with this seed would start from.
  Outcome zero_cost_score(const NetworkTrial& trial) const {
    const IntraOpThreads threads(options_.threads);
    return with_short_errors(options_.device, [&] {
      const Products exact(options_.device, Precision::fp32);
      return zero_cost_outcome(trial, weight_seed(trial.seed), data().train, trainer_.normalizer(),
                               batch_of(trial), options_.device);
    });
  }

  /// By the candidate's own recipe.
  TrainerType trainer_of(const NetworkTrial& trial) const {
    if (trial.recipe == RecipeChanges{}) return trainer_;
    return {changed(trainer_.recipe(), trial.recipe), trainer_.normalizer(), data().flip};
  }
  int batch_of(const NetworkTrial& trial) const {
    return trial.recipe.batch.value_or(trainer_.recipe().batch);
  }

  static std::uint64_t weight_seed(std::uint64_t trial_seed) {
    return stable_hash("weights", mix(trial_seed));
  }

  static bool inherits(const NetworkTrial& trial) {
    return trial.parent && !trial.resumes() && !trial.origin.empty();
  }

  /// Whether its last state is worth a file: its schedule goes on, or it was grown from another and
  /// others may grow from it.
  static bool will_go_on(const NetworkTrial& trial) {
    return trial.fidelity.scheduled() > trial.fidelity.epochs || inherits(trial);
  }

  // Where a training begins.

  Course begin(const NetworkTrial& trial, Network& network, CandidateCheckpoint& checkpoint,
               Monitor& monitor) const {
    Course course{trainer_of(trial).start(network), {}};
    if (checkpoint.template resume<Optimiser>(trial.network, network, course,
                                              trial.fidelity.epochs))
      return course;
    const NetworkTrial* part = &trial;
    while (part->resumes() && part->parent) {
      part = part->parent.get();
      if (recall(*part, network, course)) return course;
    }
    if (!inherits(*part)) return course;
    inherit(*part, network, monitor);
    return {trainer_of(trial).start(network), {}};
  }

  /// Takes up a training where an earlier trial left it, or a checkpoint on the way there.
  bool recall(const NetworkTrial& trial, Network& network, Course& course) const {
    CandidateCheckpoint checkpoint = checkpoint_of(trial);
    if (const auto kept = shared_->states.find(name_of(trial))) {
      try {
        take_up<Optimiser>(*kept, trial.network, network, course, trial.fidelity.epochs,
                           checkpoint.protocol());
        return true;
      } catch (const DataError&) {  // of another training under the same seed
      }
    }
    return checkpoint.template resume<Optimiser>(trial.network, network, course,
                                                 trial.fidelity.epochs);
  }

  /// Gives `network` the weights of the parent, which is trained again where they are lost.
  void inherit(const NetworkTrial& trial, Network& network, Monitor& monitor) const {
    const NetworkTrial& parent = *trial.parent;
    Network smaller(parent.network, weight_seed(parent.seed), options_.device);
    smaller.compute_in(options_.precision);
    CandidateCheckpoint checkpoint = checkpoint_of(parent);
    Course course{trainer_of(parent).start(smaller), {}};
    if (!recall(parent, smaller, course)) course = begin(parent, smaller, checkpoint, monitor);
    const bool lost = course.state.epoch < parent.fidelity.epochs;
    detail::OwnEpochs unheard(monitor, parent.fidelity.epochs);
    train(parent, smaller, course, checkpoint, unheard);
    if (lost || !checkpoint.exists()) keep(parent, smaller, course, checkpoint, true);
    inherit_weights(parent.network, smaller, trial.network, network, trial.origin, trial.seed);
  }

  /// On to the trial's last epoch.
  void train(const NetworkTrial& trial, Network& network, Course& course,
             CandidateCheckpoint& checkpoint, Monitor& monitor) const {
    const int epochs = trial.fidelity.epochs;
    const auto part = share(trial.fidelity);
    const ImageSet& signal = options_.paper_mode ? PaperMode::look(data().test) : data().held_out;
    trainer_of(trial).go_on(network, course, part ? *part : data().train, signal,
                            {epochs, trial.fidelity.scheduled()}, trial.seed, monitor, [&] {
                              if (course.state.epoch < epochs && checkpoint.due())
                                checkpoint.template save<Optimiser>(trial.network, network, course,
                                                                    steps(trial, course));
                            });
  }

  /// What others may go on from, once a training has ended.
  void keep(const NetworkTrial& trial, Network& network, Course& course,
            CandidateCheckpoint& checkpoint, bool on_disk) const {
    Safetensors state = state_of<Optimiser>(trial.network, network, course, steps(trial, course),
                                            checkpoint.seconds(), checkpoint.protocol());
    if (on_disk)
      checkpoint.write(state);
    else
      checkpoint.remove();
    shared_->states.keep(name_of(trial), std::move(state));
  }

  /// The share of the training images that a trial is trained on; null for all.
  std::shared_ptr<const ImageSet> share(const Fidelity& fidelity) const {
    if (fidelity.share == 1) return nullptr;
    return shared_->shares.of(data().train, fidelity.share, fidelity.subset);
  }

  // How it is named.

  /// The parts of one training have one seed.
  static std::string name_of(const NetworkTrial& trial) {
    char name[60];
    std::snprintf(name, sizeof name, "%016llx-%d.safetensors",
                  static_cast<unsigned long long>(trial.seed), trial.fidelity.epochs);
    return name;
  }

  CandidateCheckpoint checkpoint_of(const NetworkTrial& trial) const {
    const std::filesystem::path& directory = options_.checkpoints;
    return {directory.empty() ? directory : directory / name_of(trial), options_.checkpoint_seconds,
            [this, &trial] { return protocol(trial); }};
  }

  /// Everything that the course of a training depends on, whatever part of it a trial is.
  TrainingProtocol protocol(const NetworkTrial& trial) const {
    std::call_once(shared_->listed, [&] { shared_->protocol = common_protocol(); });
    TrainingProtocol protocol = shared_->protocol;
    protocol["network"] = to_string(trial.network);
    protocol["schedule"] = std::to_string(trial.fidelity.scheduled());
    protocol["seed"] = std::to_string(trial.seed);
    if (trial.fidelity.share != 1)
      protocol["share"] = std::to_string(trial.fidelity.share) + " " +
                          std::string(to_string(trial.fidelity.subset));
    if (const std::string own = to_string(trial.recipe); !own.empty()) protocol["own_recipe"] = own;
    if (const std::uint64_t line = lineage(trial)) protocol["inherited"] = std::to_string(line);
    return protocol;
  }

  TrainingProtocol common_protocol() const {
    OptionList list;
    append_options(list, "evaluator", *this);
    TrainingProtocol protocol(list.begin(), list.end());
    protocol["nascent"] = std::to_string(version.major) + "." + std::to_string(version.minor) +
                          "." + std::to_string(version.patch);
    protocol["recipe"] = meta::type_name<RecipeType>();
    protocol["machine"] = machine_of(options_.device);
    return protocol;
  }

  /// Of the weights that a training began with; 0 where they were drawn.
  static std::uint64_t lineage(const NetworkTrial& trial) {
    const NetworkTrial* first = &trial;
    while (first->resumes() && first->parent) first = first->parent.get();
    if (!inherits(*first)) return 0;
    const NetworkTrial& parent = *first->parent;
    const Fidelity& fidelity = parent.fidelity;
    std::string text = to_string(parent.network) + std::to_string(parent.seed);
    for (const double number :
         {double(fidelity.epochs), double(fidelity.scheduled()), fidelity.share})
      text += " " + std::to_string(number);
    text += std::string(to_string(fidelity.subset)) + to_string(parent.recipe);
    for (const int layer : first->origin) text += " " + std::to_string(layer);
    return stable_hash(text, lineage(parent));
  }

  std::int64_t steps(const NetworkTrial& trial, const Course& course) const {
    const auto part = share(trial.fidelity);
    const int images = part ? part->size() : data().train.size();
    const int batch = batch_of(trial);
    return std::int64_t{course.state.epoch} * ((images + batch - 1) / batch);
  }

  std::shared_ptr<Shared> shared_;
  TorchOptions<RecipeType> options_;
  TrainerType trainer_;
};

}  // namespace nascent
