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
  EXPECT_EQ(Device("auto").is_cpu(), count_gpus() == 0);
  EXPECT_TRUE(Device("auto", 0).is_cpu());
  EXPECT_EQ(Device("auto", 1).type(), "cuda");
}

TEST(Device, SaysInOneSentenceThatThereIsNoGpu) {
  if (count_gpus() > 0) GTEST_SKIP() << "this machine has a GPU";
  const std::string why =
      has_cuda_part()
          ? "there is no GPU here, or its driver is missing or too old"
          : "its LibTorch has no CUDA part, which `NASCENT_TORCH_CUDA=1 make setup` brings";
  for (const std::string device : {"cuda", "cuda:3"})
    EXPECT_EQ(message_of<std::runtime_error>([&] { Device{device}; }),
              "the device " + device + " is not available to this program: " + why +
                  "; choose cpu or auto");
}

TEST(Device, SaysWhichGpusThereAre) {
  EXPECT_THAT(message_of<std::runtime_error>([] { Device("cuda:3", 3); }),
              HasSubstr("there are 3 GPUs, cuda:0 to cuda:2; choose"));
  EXPECT_THAT(message_of<std::runtime_error>([] { Device("cuda:1", 1); }),
              HasSubstr("there is one GPU, cuda:0; choose"));
}

TEST(Device, GivesEachWorkerAGpuInTurn) {
  const Device all("cuda", 3), automatic("auto", 2), named("cuda:1", 3), cpu("cpu", 3);
  for (int worker = 0; worker < 7; ++worker) {
    EXPECT_EQ(at::Device(all.of_worker(worker)),
              at::Device(at::kCUDA, at::DeviceIndex(worker % 3)));
    EXPECT_EQ(at::Device(all.of_worker(5).of_worker(worker)), at::Device(all.of_worker(worker)));
    EXPECT_EQ(at::Device(automatic.of_worker(worker)),
              at::Device(at::kCUDA, at::DeviceIndex(worker % 2)));
    EXPECT_EQ(at::Device(named.of_worker(worker)), at::Device(at::kCUDA, 1));
    EXPECT_TRUE(cpu.of_worker(worker).is_cpu());
    EXPECT_EQ(all.of_worker(worker).type(), "cuda");  // all that a journal learns
  }
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
