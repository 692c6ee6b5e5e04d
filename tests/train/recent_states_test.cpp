#include "nascent/train/recent_states.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace nascent {
namespace {

/// A state of so many bytes.
Safetensors state(int bytes) {
  Safetensors made;
  made.add<std::uint8_t>("x", {bytes}, std::vector<std::uint8_t>(static_cast<std::size_t>(bytes)));
  return made;
}

TEST(RecentStates, WhatWasNotUsedForLongestGivesWay) {
  RecentStates states(100);
  states.keep("a", state(40));
  states.keep("b", state(40));
  EXPECT_NE(states.find("a"), nullptr);
  states.keep("c", state(40));
  EXPECT_EQ(states.find("b"), nullptr);
  EXPECT_NE(states.find("a"), nullptr);
  EXPECT_NE(states.find("c"), nullptr);
  states.keep("d", state(100));
  EXPECT_EQ(states.find("a"), nullptr);
  EXPECT_EQ(states.find("c"), nullptr);
  EXPECT_NE(states.find("d"), nullptr);
}

TEST(RecentStates, WhatIsTooLargeIsNotKeptAndOustsNothing) {
  RecentStates states(100);
  states.keep("a", state(40));
  states.keep("b", state(101));
  EXPECT_EQ(states.find("b"), nullptr);
  EXPECT_NE(states.find("a"), nullptr);
}

TEST(RecentStates, AnotherOfTheSameNameTakesItsPlace) {
  RecentStates states(100);
  states.keep("a", state(90));
  states.keep("a", state(50));
  states.keep("b", state(50));
  EXPECT_EQ(states.find("a")->at("x").bytes.size(), 50U);
  EXPECT_NE(states.find("b"), nullptr);
}

TEST(RecentStates, MayBeUsedByThreadsAtOnce) {
  RecentStates states(1000);
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 1000; ++i) {
        const std::string name = std::to_string((i * 7 + t) % 20);
        states.keep(name, state(100));
        states.find(name);
      }
    });
  threads.clear();
  int kept = 0;
  for (int i = 0; i < 20; ++i) kept += states.find(std::to_string(i)) != nullptr;
  EXPECT_EQ(kept, 10);
}

}  // namespace
}  // namespace nascent
