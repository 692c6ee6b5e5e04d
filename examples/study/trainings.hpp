// What a search found, measured by a training of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nascent/evaluator/final_trainings.hpp>
#include <string>
#include <tuple>
#include <utility>

#include "study.hpp"

namespace study {

/// Evaluator of a tournament: what a search of one of the `Spaces` found is trained from scratch on
/// all training images, by its own recipe where it has one, and looks at the test set once. Each
/// network is trained once: what `finals.jsonl` of the run directory holds is known, so a study
/// goes on, and no look is forgotten.
template <class... Spaces>
class Trainings : public nascent::TorchEvaluator<> {
 public:
  static constexpr bool trains_for_final_accuracy = true;

  Trainings(const Arguments& a, const TorchEvaluator<>& torch, int epochs, Spaces... spaces)
      : TorchEvaluator<>(torch), epochs_(epochs), spaces_(std::move(spaces)...) {
    std::filesystem::create_directories(a.run_dir);
    kept_ = std::make_shared<nascent::FinalTrainings>(a.run_dir);
    std::apply([&](auto&... space) { (space.fit_to(problem()), ...); }, spaces_);
  }

  /// On test images.
  template <class Architecture>
  nascent::Accuracy final_accuracy(const Architecture& network) const
      requires(std::is_same_v<Architecture, typename Spaces::Architecture> || ...) {
    nascent::FinalTraining final{to_string(network), epochs_, kSeed};
    if (const auto known = kept_->find(final)) return known->accuracy.test;
    nascent::Monitor unwatched;
    final.accuracy = TorchEvaluator<>::final_accuracy(trial(network), unwatched);
    kept_->add(final);
    std::fprintf(stderr, "final training of %s, %d epochs: %.2f %% on the test set\n",
                 final.architecture.c_str(), epochs_, final.accuracy.test.percent());
    return final.accuracy.test;
  }

  /// Looks at the test set, one a network.
  int times_opened() const { return kept_->times_opened(); }

 private:
  static constexpr std::uint64_t kSeed = 1'000'003;  // of no search

  template <class Architecture>
  nascent::NetworkTrial trial(const Architecture& network) const {
    nascent::NetworkTrial trial;
    const auto describe = [&](const auto& space) {
      using Space = std::remove_cvref_t<decltype(space)>;
      if constexpr (std::is_same_v<typename Space::Architecture, Architecture>) {
        trial = {space.describe(network), {epochs_}, kSeed};
        if constexpr (requires { space.recipe_changes(network); })
          trial.recipe = space.recipe_changes(network);
      }
    };
    std::apply([&](const auto&... space) { (describe(space), ...); }, spaces_);
    return trial;
  }

  int epochs_;
  std::tuple<Spaces...> spaces_;
  std::shared_ptr<nascent::FinalTrainings> kept_;
};

}  // namespace study
