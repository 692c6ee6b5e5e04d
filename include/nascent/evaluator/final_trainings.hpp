// The final trainings of a run, kept a line each: none is lost, and no look at the test set is
// forgotten.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/evaluator/final_accuracy.hpp"
#include "nascent/search/append_file.hpp"
#include "nascent/search/journal_text.hpp"

namespace nascent {

/// A network trained from scratch to its end, and what it reached.
struct FinalTraining {
  std::string architecture;  ///< as text
  int epochs = 0;            ///< trained
  std::uint64_t seed = 0;    ///< of weights and batches
  FinalAccuracy accuracy{};  ///< after the last epoch; the test set was opened once for it
  double seconds = 0;        ///< wall time

  /// Whether it is the same training, whatever came of it.
  bool same_training(const FinalTraining& other) const {
    return seed == other.seed && epochs == other.epochs && architecture == other.architecture;
  }
};

/// `finals.jsonl` of a run directory, whose journal says under which protocol (docs/journal.md):
/// one line for each final training, that is for each look at the test set. Usable from several
/// threads.
///
/// SearchError, naming file and line, for a directory that cannot be written or is in use and for a
/// damaged line; a torn last line is dropped.
class FinalTrainings {
 public:
  /// In `directory`, which must be there.
  explicit FinalTrainings(const std::filesystem::path& directory)
      : file_(directory / "finals.jsonl", kSyncSeconds) {
    const std::string text = file_.text();
    std::size_t whole = 0;
    for (std::size_t end; (end = text.find('\n', whole)) != std::string::npos; whole = end + 1)
      known_.push_back(parse(std::string_view(text).substr(whole, end - whole)));
    if (whole != text.size()) file_.cut(whole);
  }

  /// The same training, where it is there.
  std::optional<FinalTraining> find(const FinalTraining& asked) const {
    const std::lock_guard lock(mutex_);
    for (const FinalTraining& there : known_)
      if (there.same_training(asked)) return there;
    return std::nullopt;
  }

  /// Keeps one that has ended.
  void add(const FinalTraining& training) {
    const std::lock_guard lock(mutex_);
    known_.push_back(training);
    file_.append(to_line(training));
  }

  /// How often the test set was opened for this run, in all its parts.
  int times_opened() const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(known_.size());
  }

 private:
  static constexpr double kSyncSeconds = 1;

  std::string to_line(const FinalTraining& training) const {
    detail::ObjectWriter line(training.architecture.size());
    line.text("event", "final");
    line.text("architecture", training.architecture);
    line.number("epochs", training.epochs);
    line.text("seed", detail::hex(training.seed));
    line.number("held_out_correct", training.accuracy.held_out.correct);
    line.number("held_out_images", training.accuracy.held_out.total);
    line.number("test_correct", training.accuracy.test.correct);
    line.number("test_images", training.accuracy.test.total);
    line.number("seconds", training.seconds);
    line.number("test_set_opened", known_.size());
    return line.take();
  }

  FinalTraining parse(std::string_view text) const {
    const std::string path = file_.path().string();
    const std::size_t number = known_.size() + 1;
    const auto line = detail::parse_line(text, path, number);
    try {
      const auto count = [&](const char* key) {
        return detail::integer_at<std::int64_t>(line, key);
      };
      return {line.at("architecture").get<std::string>(),
              detail::integer_at<int>(line, "epochs"),
              detail::of_hex(line.at("seed").get<std::string>()),
              {{count("held_out_correct"), count("held_out_images")},
               {count("test_correct"), count("test_images")}},
              line.at("seconds").get<double>()};
    } catch (const std::exception& error) {
      detail::refuse_line(path, number,
                          std::string("this line is damaged (") + error.what() +
                              "); restore it or use another directory");
    }
  }

  detail::AppendFile file_;
  std::vector<FinalTraining> known_;
  mutable std::mutex mutex_;
};

}  // namespace nascent
