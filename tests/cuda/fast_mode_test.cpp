#include "nascent/cuda/fast_mode.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../support/support.hpp"
#include "nascent/cuda/cudnn_pointwise.hpp"

namespace nascent::cuda {
namespace {

using testing::HasSubstr;

/// An environment variable, for a while.
class Set {
 public:
  Set(const char* name, const char* value) : name_(name) { ::setenv(name, value, 1); }
  ~Set() { ::unsetenv(name_); }
  Set(const Set&) = delete;
  Set& operator=(const Set&) = delete;

 private:
  const char* name_;
};

TEST(FastMode, RefusesAnotherValue) {
  {
    const Set fast("NASCENT_CUDA_FAST", "yes"), cudnn("NASCENT_CUDA_CUDNN", "");
    EXPECT_EQ(message_of([] { fast_mode(); }),
              "NASCENT_CUDA_FAST is 'yes'; set it to 0, 1 or check, or leave it out for 1");
    EXPECT_EQ(message_of([] { cudnn_mode(); }),
              "NASCENT_CUDA_CUDNN is ''; set it to 0, 1 or check, or leave it out for 0");
  }
  EXPECT_EQ(fast_mode(), FastMode::on);
  EXPECT_EQ(cudnn_mode(), FastMode::off);
}

TEST(Verdicts, SwitchAPathOffOnceForOneDevice) {
  testing::internal::CaptureStderr();
  Verdicts::fail(FastPart::graph, 101, "it rains");
  Verdicts::fail(FastPart::graph, 101, "it rains");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "cuda:101: the CUDA graph is switched off: it rains\n");
  Verdicts::pass(FastPart::graph, 101);
  EXPECT_EQ(Verdicts::of(FastPart::graph, 101), Verdict::failed);
  EXPECT_EQ(Verdicts::of(FastPart::graph, 102), Verdict::untried);
}

TEST(Verdicts, TellTheMachineByWhatPassed) {
  EXPECT_EQ(passed_path(103), "");
  Verdicts::pass(FastPart::step, 103);
  EXPECT_EQ(passed_path(103), ", fast step");
  Verdicts::pass(FastPart::chain, 103);
  EXPECT_EQ(passed_path(103), ", chain of kernels");
  Verdicts::pass(FastPart::cudnn, 103);
  EXPECT_EQ(passed_path(103), ", chain of kernels with cuDNN");
}

TEST(CudnnPath, IsOffUnlessItIsAskedFor) {
  EXPECT_EQ(wanted_cudnn_pointwise(104), nullptr);
  EXPECT_EQ(Verdicts::of(FastPart::cudnn, 104), Verdict::untried);
}

#ifndef NASCENT_CUDNN
TEST(CudnnPath, SaysThatAProgramWasBuiltWithoutIt) {
  const Set wanted("NASCENT_CUDA_CUDNN", "1");
  testing::internal::CaptureStderr();
  EXPECT_EQ(wanted_cudnn_pointwise(105), nullptr);
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              HasSubstr("cuda:105: the path through cuDNN is switched off: this program was built "
                        "without cuDNN"));
}
#endif

}  // namespace
}  // namespace nascent::cuda
