#include "nascent/search/session.hpp"

#include <algorithm>

#include "../support/support.hpp"
#include "nascent/search/history.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

const testing::Landscape kLandscape{3, 9};

template <class Strategy>
Search<Strategy, DynamicEpochRanker, SepConvSpace> small(Strategy strategy = {}) {
  Search<Strategy, DynamicEpochRanker, SepConvSpace> search(strategy);
  search.space.depth = {3, 6};
  search.space.width = {8, 12, 2};
  return search;
}

TEST(Session, AskAndTellIsTheSearchItself) {
  const auto search = small<GreedyMacroMicro>();
  History<SepConvSpace> history;
  const auto found = search.run(kLandscape, {.seed = 5}, history);
  Session session(search, 5);
  std::size_t n = 0;
  while (auto trial = session.ask()) {
    ASSERT_TRUE(same_trial(*trial, history.entries.at(n).trial));
    EXPECT_EQ(trial->number, static_cast<int>(n++));
    session.tell(trial->number, kLandscape.evaluate(*trial));
  }
  EXPECT_TRUE(session.finished());
  EXPECT_EQ(n, history.entries.size());
  EXPECT_EQ(session.best()->architecture, found.architecture);
}

/// Strategy: asks for three at a time.
struct Threes {
  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Random random = judge.random("threes");
    std::optional<Judged<Space>> best;
    for (int i = 0; i < 4; ++i) {
      auto a = judge(space.sample(random), Move::sample);
      auto b = judge(space.sample(random), Move::sample);
      auto c = judge(space.sample(random), Move::sample);
      for (auto* ticket : {&a, &b, &c}) {
        Judged<Space> judged = co_await *ticket;
        if (!best || judged.exceeds(*best)) best = judged;
      }
    }
    co_return *best;
  }
};

TEST(Session, OutcomesMayComeInAnyOrder) {
  const auto search = small<Threes>();
  const auto found = search.run(kLandscape);
  Session session(search);
  EXPECT_FALSE(session.best());
  int told = 0;
  while (!session.finished()) {
    std::vector<Trial<Architecture>> out;
    while (auto trial = session.ask()) out.push_back(*trial);
    ASSERT_EQ(out.size(), 3u);
    std::reverse(out.begin(), out.end());
    for (const auto& trial : out) session.tell(trial.number, kLandscape.evaluate(trial)), ++told;
  }
  EXPECT_EQ(told, 12);
  EXPECT_EQ(session.best()->architecture, found.architecture);
  EXPECT_FALSE(session.ask());
}

TEST(Session, WhatWasNotAskedForCannotBeTold) {
  Session session(small<Threes>());
  const auto refusal = [&](int number) {
    return message_of<std::invalid_argument>([&] { session.tell(number, scored(1)); });
  };
  EXPECT_EQ(
      refusal(0),
      "trial 0 was not asked for, or has been told already; tell each trial that `ask` gave once");
  ASSERT_TRUE(session.ask() && session.ask());
  session.tell(1, scored(1));
  EXPECT_NE(refusal(1), "");
  session.tell(0, scored(1));
  EXPECT_NE(refusal(0), "");
  EXPECT_NE(refusal(2), "");
  EXPECT_NE(refusal(-1), "");
}

}  // namespace
}  // namespace nascent
