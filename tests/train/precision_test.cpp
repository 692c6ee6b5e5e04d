#include "nascent/train/precision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>
#include <vector>

namespace nascent {
namespace {

bool tf32() {
  return at::globalContext().allowTF32CuDNN() && at::globalContext().allowTF32CuBLAS();
}

/// Holds a setting in a thread of its own.
class Holder {
 public:
  explicit Holder(bool allowed)
      : thread_([this, allowed] {
          const Tf32 held(allowed);
          inside_.set_value();
          leave_.get_future().wait();
        }) {}
  ~Holder() { let_go(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  bool enters() const { return entered_within(std::chrono::seconds(60)); }
  bool waits() const { return !entered_within(std::chrono::milliseconds(100)); }
  void let_go() {
    if (!thread_.joinable()) return;
    leave_.set_value();
    thread_.join();
  }

 private:
  bool entered_within(std::chrono::milliseconds time) const {
    return entered_.wait_for(time) == std::future_status::ready;
  }

  std::promise<void> inside_, leave_;
  std::future<void> entered_ = inside_.get_future();
  std::thread thread_;
};

TEST(Tf32, IsSharedByThoseWhoWantTheSame) {
  Holder one(true), other(true);
  EXPECT_TRUE(one.enters());
  EXPECT_TRUE(other.enters());
  EXPECT_TRUE(tf32());
}

TEST(Tf32, IsNotChangedUnderThoseWhoHoldIt) {
  Holder rounding(true);
  ASSERT_TRUE(rounding.enters());
  Holder exact(false);
  EXPECT_TRUE(exact.waits());
  EXPECT_TRUE(tf32());
  rounding.let_go();
  EXPECT_TRUE(exact.enters());
  EXPECT_FALSE(tf32());
}

TEST(Tf32, ComesToThoseWhoWaitInTheirOrder) {
  // On a busy machine the second may not have come yet when the third does; not every time, though.
  for (int attempt = 0; attempt < 20; ++attempt) {
    Holder first(true);
    ASSERT_TRUE(first.enters());
    Holder second(false);
    EXPECT_TRUE(second.waits());
    Holder third(true);  // would fit in beside the first, and leave the second waiting for ever
    const bool in_order = third.waits();
    first.let_go();
    if (!in_order) {
      third.let_go();
      continue;
    }
    EXPECT_TRUE(second.enters());
    EXPECT_TRUE(third.waits());
    second.let_go();
    EXPECT_TRUE(third.enters());
    return;
  }
  FAIL() << "the third came before the second every time";
}

TEST(Tf32, NeverChangesUnderManyThreads) {
  std::atomic<bool> changed = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, allowed = i % 2 == 0] {
      for (int turn = 0; turn < 200; ++turn) {
        const Tf32 held(allowed);
        for (int look = 0; look < 10; ++look) {
          if (tf32() != allowed) changed = true;
          std::this_thread::yield();
        }
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_FALSE(changed);
}

TEST(Products, OnTheCpuWaitForNobody) {
  Holder rounding(true);
  ASSERT_TRUE(rounding.enters());
  const Products exact(at::kCPU, Precision::fp32);
  EXPECT_TRUE(tf32());
}

TEST(Products, RoundFactorsButInSinglePrecision) {
  for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::bf16}) {
    const Products held(at::Device(at::kCUDA, 0), precision);
    EXPECT_EQ(tf32(), precision != Precision::fp32) << to_string(precision);
  }
}

}  // namespace
}  // namespace nascent
