// What a search would ask next, under guesses: work for idle workers.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <vector>

#include "nascent/search/trajectory.hpp"

namespace nascent {

/// Trials that were evaluated before the search asked for them.
struct Speculation {
  int started = 0;  ///< by idle workers
  int used = 0;     ///< of them, those that the search then asked for

  /// Evaluated for nothing.
  int wasted() const { return started - used; }
};

namespace detail {

/// A trial and its outcome, delivered.
template <class Architecture>
struct Delivered {
  Trial<Architecture> trial;
  Outcome outcome;

  Delivered(Trial<Architecture> t, Outcome o) : trial(std::move(t)), outcome(std::move(o)) {}
};

/// How an outcome compares with the best before it.
enum class Guess : std::uint8_t { worse, equal, better };

inline Guess compare(const Outcome& outcome, const Accuracy& reference) {
  if (!outcome.ok() || reference.more_than(outcome.accuracy)) return Guess::worse;
  return outcome.accuracy.more_than(reference) ? Guess::better : Guess::equal;
}

/// An outcome that is clearly so.
inline Outcome guessed(Guess guess, const Accuracy& reference, int epochs) {
  if (guess == Guess::worse) return Outcome({0, reference.total}, {}, epochs);
  Accuracy accuracy = reference;
  if (guess == Guess::better)  // a quarter of a point
    accuracy.correct = (std::min)(accuracy.correct + accuracy.total / 400 + 1, accuracy.total);
  return Outcome(accuracy, {}, epochs);
}

/// Runs the search a second time on its history and guesses beyond it: for each kind of move the
/// guess that was most often right so far. Wrong guesses cost time and never change a result.
///
/// One instance is kept and goes on while its guesses come true; it is built again after a wrong
/// one.
template <class Strategy, class Ranker, class Space>
class Shadow {
 public:
  using Course = Trajectory<Strategy, Ranker, Space>;
  using Architecture = typename Space::Architecture;
  using History = std::deque<Delivered<Architecture>>;

  Shadow(const Strategy& strategy, const Ranker& ranker, const Space& space, std::uint64_t seed)
      : strategy_(strategy), ranker_(ranker), space_(space), seed_(seed) {}

  /// At least `wanted` trials, if guesses lead to so many, that the search will probably ask for
  /// after those that it has asked for. `known(trial)` is a pointer to an outcome that is known
  /// already, or null.
  template <class Known>
  std::vector<Trial<Architecture>> ahead(const Course& real, const History& history, int wanted,
                                         Known known) {
    try {
      follow(real, history);
      const std::size_t asked = real.asked().size();
      for (int guesses = static_cast<int>(asked) + 2 * wanted;
           guesses > 0 && log_.size() < asked + static_cast<std::size_t>(wanted) &&
           !course_->finished() && !course_->asked().empty();
           --guesses)
        guess(known);
      const auto first = static_cast<std::ptrdiff_t>((std::min)(asked, log_.size()));
      return {log_.begin() + first, log_.end()};
    } catch (const std::exception&) {
      course_.reset();  // under these guesses the policies fail; nothing to do meanwhile
      return {};
    }
  }

  /// Learns which guess was right.
  void note(const Trial<Architecture>& trial, const Outcome& outcome, const Course& before) {
    ++right_[index(trial.move())][static_cast<std::size_t>(compare(outcome, reference(before)))];
  }

 private:
  struct Told {
    Guess guess;
    Accuracy reference;
  };

  static std::size_t index(Move move) { return static_cast<std::size_t>(move); }

  static Accuracy reference(const Course& course) {
    const auto& best = course.incumbent() ? course.incumbent() : course.leader();
    return best && best->accuracy().total > 0 ? best->accuracy() : Accuracy{500, 1000};
  }

  /// Brings the shadow to where the search is.
  void follow(const Course& real, const History& history) {
    if (!course_ || !agrees(real, history)) rebuild(history);
    for (; first_ < history.size(); ++first_) {
      if (told_.empty())
        tell(history[first_].outcome);
      else
        told_.pop_front();
      log_.pop_front();
    }
  }

  /// Whether all that was guessed came true, as far as is known.
  bool agrees(const Course& real, const History& history) const {
    std::size_t at = 0;
    for (; first_ + at < history.size() && at < told_.size(); ++at)
      if (compare(history[first_ + at].outcome, told_[at].reference) != told_[at].guess)
        return false;
    const std::size_t delivered = history.size() - first_;
    if (log_.size() < delivered) return false;
    if (delivered > told_.size()) return true;  // it was told nothing beyond: no guess to be wrong
    for (std::size_t i = 0; i < real.asked().size() && delivered + i < log_.size(); ++i)
      if (!same_trial(real.asked()[i], log_[delivered + i])) return false;
    return true;
  }

  void rebuild(const History& history) {
    course_ = std::make_unique<Course>(strategy_, ranker_, space_, seed_);
    told_.clear();
    log_.clear();
    course_->start();
    append_asked();
    for (first_ = 0; first_ < history.size(); ++first_) {
      tell(history[first_].outcome);
      log_.pop_front();
    }
  }

  template <class Known>
  void guess(Known known) {
    const Trial<Architecture>& trial = course_->next();
    const Accuracy best = reference(*course_);
    if (const Outcome* outcome = known(trial)) {
      told_.push_back({compare(*outcome, best), best});
      return tell(*outcome);
    }
    const auto& counts = right_[index(trial.move())];
    const auto likeliest =
        static_cast<Guess>(std::max_element(counts.begin(), counts.end()) - counts.begin());
    told_.push_back({likeliest, best});
    tell(guessed(likeliest, best, trial.fidelity.epochs_to_train()));
  }

  void tell(const Outcome& outcome) {
    course_->tell(outcome);
    append_asked();
  }

  /// Writes down what the shadow has asked since.
  void append_asked() {
    for (const auto& trial : course_->asked())
      if (log_.empty() || trial.number > log_.back().number) log_.push_back(trial);
  }

  const Strategy strategy_;
  const Ranker ranker_;
  const Space space_;
  const std::uint64_t seed_;
  std::unique_ptr<Course> course_;
  std::size_t first_ = 0;                // number of the first trial in log_
  std::deque<Trial<Architecture>> log_;  // asked by the shadow, not yet delivered to the search
  std::deque<Told> told_;                // of the first ones in log_, what they were told
  std::array<std::array<int, 3>, kMoves> right_{};  // by kind of move and guess
};

}  // namespace detail
}  // namespace nascent
