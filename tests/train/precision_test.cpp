#include "nascent/train/precision.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <optional>
#include <thread>
#include <vector>

namespace nascent {
namespace {

bool tf32() {
  return at::globalContext().allowTF32CuDNN() && at::globalContext().allowTF32CuBLAS();
}

/// Whether it comes within a moment.
bool comes(const std::future<void>& event) {
  return event.wait_for(std::chrono::milliseconds(100)) == std::future_status::ready;
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

  bool is_inside() { return comes(entered_) || comes(entered_); }
  void let_go() {
    if (!thread_.joinable()) return;
    leave_.set_value();
    thread_.join();
  }

 private:
  std::promise<void> inside_, leave_;
  std::future<void> entered_ = inside_.get_future();
  std::thread thread_;
};

TEST(Tf32, IsSharedByThoseWhoWantTheSame) {
  Holder one(true), other(true);
  EXPECT_TRUE(one.is_inside());
  EXPECT_TRUE(other.is_inside());
  EXPECT_TRUE(tf32());
}

TEST(Tf32, IsNotChangedUnderThoseWhoHoldIt) {
  Holder rounding(true);
  ASSERT_TRUE(rounding.is_inside());
  Holder exact(false);
  EXPECT_FALSE(exact.is_inside());
  EXPECT_TRUE(tf32());
  rounding.let_go();
  EXPECT_TRUE(exact.is_inside());
  EXPECT_FALSE(tf32());
}

TEST(Tf32, ComesToThoseWhoWaitInTheirOrder) {
  Holder first(true);
  ASSERT_TRUE(first.is_inside());
  Holder second(false);
  ASSERT_FALSE(second.is_inside());
  Holder third(true);  // would fit in beside the first, and leave the second waiting for ever
  EXPECT_FALSE(third.is_inside());
  first.let_go();
  EXPECT_TRUE(second.is_inside());
  EXPECT_FALSE(third.is_inside());
  second.let_go();
  EXPECT_TRUE(third.is_inside());
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
  ASSERT_TRUE(rounding.is_inside());
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
