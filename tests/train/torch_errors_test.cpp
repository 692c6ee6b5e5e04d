#include "nascent/train/torch_errors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "../support/support.hpp"
#include "../train/toy_images.hpp"
#include "nascent/data/augment/augment.hpp"
#include "nascent/data/dataset.hpp"
#include "nascent/evaluator/torch_evaluator.hpp"
#include "nascent/search/history.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

[[noreturn]] void run_out_of_memory() {
  throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__},
                              "CUDA out of memory. Tried to allocate 2.00 GiB.\nSee the manual");
}

/// The memory of a device that is none: counts how often its cache is emptied.
class CountedCache final : public c10::DeviceAllocator {
 public:
  int emptied = 0;

  c10::DataPtr allocate(std::size_t) override { return {}; }
  void copy_data(void*, const void*, std::size_t) const override {}
  bool initialized() override { return true; }
  void emptyCache(c10::MempoolId_t = {0, 0}) override { ++emptied; }
  void recordStream(const c10::DataPtr&, c10::Stream) override {}
  c10::CachingDeviceAllocator::DeviceStats getDeviceStats(c10::DeviceIndex) override { return {}; }
  void resetAccumulatedStats(c10::DeviceIndex) override {}
  void resetPeakStats(c10::DeviceIndex) override {}
};

TEST(ShortErrors, EmptyTheCacheOfADeviceOnceWhatFilledItIsGone) {
  CountedCache cache;
  constexpr c10::DeviceType kDevice = c10::DeviceType::PrivateUse1;
  c10::SetAllocator(kDevice, &cache, 1);
  struct Filling {
    CountedCache& cache;
    explicit Filling(CountedCache& c) : cache(c) {}
    ~Filling() { EXPECT_EQ(cache.emptied, 0); }
  };
  EXPECT_EQ(message_of<std::runtime_error>([&] {
              with_short_errors(c10::Device(kDevice, 0), [&] {
                const Filling network(cache);
                run_out_of_memory();
              });
            }),
            "out of memory on privateuseone:0: CUDA out of memory. Tried to allocate 2.00 GiB.");
  EXPECT_EQ(cache.emptied, 1);
  EXPECT_EQ(with_short_errors(c10::Device(kDevice, 0), [] { return 7; }), 7);
  EXPECT_EQ(cache.emptied, 1);
  c10::SetAllocator(kDevice, nullptr, 1);
}

TEST(ShortErrors, HaveNoPagesOfStack) {
  const std::string text = message_of<std::runtime_error>(
      [] { with_short_errors(at::kCPU, [] { TORCH_CHECK(false, "a reason"); }); });
  EXPECT_THAT(text, StartsWith("a reason"));
  EXPECT_THAT(text, Not(HasSubstr("Exception raised from")));
}

/// Some trainings find no memory, as those of large networks would on a GPU.
struct SometimesTooLarge {
  std::shared_ptr<int> steps = std::make_shared<int>(0);

  at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels) const {
    if (++*steps % 7 == 0) run_out_of_memory();
    return CrossEntropy{}(logits, labels);
  }
  template <class Field>
  void options(Field&& field) const {
    field("loss", "sometimes too large");
  }
};

TEST(TorchEvaluator, CountsACandidateWithoutMemoryAsFailedAndTheSearchGoesOn) {
  Dataset data;
  data.name = "toy";
  data.train = toy_images(60, 1);
  data.test = toy_images(20, 2);
  data.mean = data.deviation = {.3};
  using Wasteful = Recipe<Sgd, Cosine, Augment<>, SometimesTooLarge>;
  TorchEvaluator<Wasteful> torch(data.hold_out({.images = 20}), {.recipe = {.batch = 10}});
  Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search;
  search.strategy.trials = 6;
  search.ranker.epochs = 1;
  search.space.depth = {.min = 3, .max = 4};
  search.space.width = {.min = 2, .max = 4, .step = 1};
  History<SepConvSpace> history;
  const auto found = search.run(torch, SearchOptions{.speculation = false}, history);
  EXPECT_EQ(found.cost.trials, 6);
  int failed = 0;
  for (const auto& [trial, outcome] : history.entries) {
    if (outcome.ok()) continue;
    ++failed;
    EXPECT_EQ(outcome.failure,
              "out of memory on cpu: CUDA out of memory. Tried to allocate 2.00 GiB.");
  }
  EXPECT_GE(failed, 1);
  EXPECT_LT(failed, 6);
  EXPECT_EQ(found.cost.failures, failed);
  EXPECT_GT(found.judgement.accuracy.percent(), 0);
}

}  // namespace
}  // namespace nascent
