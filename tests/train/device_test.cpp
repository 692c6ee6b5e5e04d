#include "nascent/train/device.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/support.hpp"
#include "nascent/train/intra_op_threads.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

TEST(Device, IsTheCpuUnlessAskedOtherwise) {
  EXPECT_TRUE(Device().is_cpu());
  EXPECT_TRUE(Device("cpu").is_cpu());
  EXPECT_EQ(Device("cpu").type(), "cpu");
  EXPECT_EQ(Device("auto").is_cpu(), !at::hasCUDA());
}

TEST(Device, SaysInOneSentenceThatThereIsNoGpu) {
  if (at::hasCUDA()) GTEST_SKIP() << "this machine has a GPU";
  EXPECT_EQ(message_of<std::runtime_error>([] { Device("cuda"); }),
            "the device cuda is not available to this program; choose cpu or auto");
  EXPECT_THAT(message_of<std::runtime_error>([] { Device("cuda:3"); }), HasSubstr("cuda:3"));
}

TEST(Device, RefusesAnotherWord) {
  for (const char* word : {"", "gpu", "cuda:", "cuda:x", "cuda:1x", "cuda:-1", "cuda:999", "CPU"})
    EXPECT_THAT(message_of<std::invalid_argument>([&] { Device{word}; }),
                HasSubstr("a device is auto, cpu, cuda or cuda:NUMBER"))
        << word;
}

TEST(IntraOpThreads, AreRestored) {
  const int before = at::get_num_threads();
  {
    const IntraOpThreads three(3);
    EXPECT_EQ(at::get_num_threads(), 3);
    const IntraOpThreads one(1);
    EXPECT_EQ(at::get_num_threads(), 1);
  }
  EXPECT_EQ(at::get_num_threads(), before);
  EXPECT_THROW(IntraOpThreads(0), std::invalid_argument);
}

}  // namespace
}  // namespace nascent
