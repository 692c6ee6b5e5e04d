// Known outcomes, told again in their order: does a strategy propose what a recorded search did?
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "nascent/search/outcome.hpp"
#include "nascent/search/search_error.hpp"
#include "nascent/search/trial.hpp"

namespace nascent {

/// One candidate of a recorded search.
template <class Architecture>
struct RecordedTrial {
  std::string stage;            ///< as by stage_of
  Architecture architecture;    ///< that was trained
  int epochs = 0;               ///< it was given
  std::int64_t parameters = 0;  ///< trainable, as recorded
  Outcome outcome;              ///< as recorded
};

/// A search proposed something other than the record, or ended at another place.
struct ReplayDifference : SearchError {
  int row;                         ///< 0-based
  std::string expected, proposed;  ///< candidates, in words

  /// At row `number`; the other two are candidates in words.
  ReplayDifference(int number, std::string recorded, std::string asked)
      : SearchError("row " + std::to_string(number) + ": expected " + recorded + ", proposed " +
                    asked),
        row(number),
        expected(std::move(recorded)),
        proposed(std::move(asked)) {}
};

/// Answers trial n with record n; never by reuse, since equal trials occur with different
/// outcomes. Throws ReplayDifference where stage, architecture, epochs or parameters
/// differ, or when there is no record left; call `finish` after the search for surplus records.
template <class Space>
class ReplayEvaluator {
 public:
  using Architecture = typename Space::Architecture;
  /// What it answers with.
  using Record = RecordedTrial<Architecture>;

  /// `space` counts parameters, so its problem must be the record's.
  ReplayEvaluator(Space space, std::vector<Record> records)
      : space_(std::move(space)), records_(std::move(records)) {}

  static constexpr bool pure = false;  // recorded searches trained equal candidates again

  Outcome evaluate(const Trial<Architecture>& trial) const {
    const Record asked{std::string(stage_of(trial.move())),
                       trial.architecture(),
                       trial.fidelity.epochs,
                       space_.parameters(trial.architecture()),
                       {}};
    const auto number = static_cast<std::size_t>(trial.number);
    if (number >= records_.size())
      throw ReplayDifference(trial.number, "nothing (the record ends here)", text(asked));
    const Record& recorded = records_[number];
    if (asked.stage != recorded.stage || asked.architecture != recorded.architecture ||
        asked.epochs != recorded.epochs || asked.parameters != recorded.parameters)
      throw ReplayDifference(trial.number, text(recorded), text(asked));
    return recorded.outcome;
  }

  /// Throws ReplayDifference when records are left that a search of `trials` trials never asked
  /// for.
  void finish(int trials) const {
    const auto number = static_cast<std::size_t>(trials);
    if (number != records_.size())
      throw ReplayDifference(trials, text(records_[number]), "nothing (the search ends here)");
  }

 private:
  static std::string text(const Record& record) {
    return record.stage + " " + to_string(record.architecture) + ", " +
           std::to_string(record.epochs) + " epochs, " + std::to_string(record.parameters) +
           " parameters";
  }

  Space space_;
  std::vector<Record> records_;
};

}  // namespace nascent
