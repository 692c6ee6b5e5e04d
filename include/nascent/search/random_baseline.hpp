// Random search beside a search, at equal cost: without it no accuracy means anything.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>

#include "nascent/search/journal.hpp"
#include "nascent/search/search.hpp"
#include "nascent/strategy/random_strategy.hpp"

namespace nascent {

/// Random search under the same ranker, space and evaluator, in a run directory of its own and,
/// when it runs `beside` the search, in a thread of its own. What it draws does not depend on its
/// budget, so it may run beside the search and be cut to the search's cost afterwards: the result
/// is the same as one after the other.
///
/// The evaluator is copied; a copy must be usable in another thread.
template <class Ranker, class Space, class Evaluator>
class RandomBaseline {
 public:
  /// Its journal is in `directory`; `beside`: it may run while the search does, in a thread of its
  /// own.
  RandomBaseline(Ranker ranker, Space space, Evaluator evaluator, std::uint64_t seed,
                 std::filesystem::path directory, bool beside = true)
      : search_({}, std::move(ranker), std::move(space)),
        evaluator_(std::move(evaluator)),
        seed_(seed),
        directory_(std::move(directory)),
        thread_(beside ? std::thread([this] { run_ahead(); }) : std::thread()) {}
  RandomBaseline(const RandomBaseline&) = delete;
  RandomBaseline& operator=(const RandomBaseline&) = delete;
  ~RandomBaseline() { abandon(); }

  /// Tells how many epochs the search has spent, beyond which running ahead is useless.
  void search_spent(std::int64_t epochs) { spent_ = epochs; }

  /// Stops as soon as it can; what was finished is kept in the directory.
  void abandon() {
    abandoned_ = true;
    if (thread_.joinable()) thread_.join();
  }

  /// The best of what `epochs` epochs pay for; throws what went wrong meanwhile. `extras` are
  /// callbacks and an executor, as of a search.
  template <class... Extras>
  Found<Space> finish(std::int64_t epochs, Extras&&... extras) {
    abandon();
    if (error_) std::rethrow_exception(error_);
    return search_.run(evaluator_, {.seed = seed_, .max_epochs = epochs}, Journal(directory_),
                       extras...);
  }

 private:
  using RandomSearch = Search<RandomStrategy, Ranker, Space>;

  /// Callback: counts what was spent here and stops at a word from outside, or when the search
  /// beside it is so far behind that more would probably be thrown away.
  struct Pace {
    RandomBaseline& self;
    std::int64_t epochs = 0;

    void on_outcome(const Trial<typename Space::Architecture>& trial, const Outcome&) {
      epochs += trial.fidelity.epochs_to_train();
    }
    std::string stop() const { return self.abandoned_ ? "the search has ended" : ""; }
    void on_trial(const Trial<typename Space::Architecture>&) const {
      while (!self.abandoned_ && epochs > self.spent_)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  };

  void run_ahead() {
    try {
      search_.run(evaluator_, {.seed = seed_}, Journal(directory_), Pace{*this});
    } catch (const SearchError&) {
      // Stopped before its first candidate, or its journal is unusable: `finish` will meet the
      // journal again and say so.
    } catch (...) {
      error_ = std::current_exception();
    }
  }

  RandomSearch search_;
  Evaluator evaluator_;
  std::uint64_t seed_;
  std::filesystem::path directory_;
  std::atomic<std::int64_t> spent_ = 0;
  std::atomic<bool> abandoned_ = false;
  std::exception_ptr error_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace nascent
