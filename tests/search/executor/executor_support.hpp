// What tests of executors need.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "../../support/support.hpp"
#include "nascent/testing/landscape.hpp"
#include "nascent/testing/laws.hpp"

namespace nascent {

using RandomSearch = Search<RandomStrategy, FixedEpochRanker, SepConvSpace>;
using GreedySearch = Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>;
using TrialOf = Trial<Architecture>;

/// Strategy: asks for all trials at once.
struct AllAtOnce {
  int trials = 8;
  Task<Judged<SepConvSpace>> operator()(SepConvSpace, Judge<SepConvSpace> judge) const {
    std::vector<detail::Ticket<Judged<SepConvSpace>>> tickets;
    for (int i = 0; i < trials; ++i)
      tickets.push_back(judge(Architecture(10 + i, 64), Move::sample));
    for (int i = 1; i < trials; ++i) co_await tickets[static_cast<std::size_t>(i)];
    const Judged<SepConvSpace> first = co_await tickets[0];
    co_return first;
  }
};
using AllAtOnceSearch = Search<AllAtOnce, FixedEpochRanker, SepConvSpace>;

/// Every trial with its outcome, and what was found, in words.
template <class Search, class Evaluator, class... Executor>
std::vector<std::string> story_of(const Search& search, const Evaluator& evaluator,
                                  const SearchOptions& options, Executor&&... executor) {
  testing::Probe<SepConvSpace> probe;
  search.run(Evaluator(evaluator), options, probe, executor...);
  for (std::size_t i = 0; i < probe.outcomes.size(); ++i)
    probe.story[i] += " -> " + std::to_string(probe.outcomes[i].accuracy.correct) + " " +
                      probe.outcomes[i].failure;
  return probe.story;
}

/// Callback: the reasons of failed trials, "3: out of memory".
struct Failures {
  std::vector<std::string> lines{};
  void on_outcome(const TrialOf& trial, const Outcome& outcome) {
    if (!outcome.ok()) lines.push_back(std::to_string(trial.number) + ": " + outcome.failure);
  }
};

/// Callback: stops after so many outcomes.
struct StopsAfter {
  int left;
  void on_outcome(const TrialOf&, const Outcome&) { --left; }
  std::string stop() const { return left <= 0 ? "enough" : ""; }
};

/// Callback: throws at the outcome of a trial.
struct ThrowsAt {
  int number;
  void on_outcome(const TrialOf& trial, const Outcome&) const {
    if (trial.number == number) throw std::runtime_error("disk full");
  }
};

}  // namespace nascent
