#include "nascent/search/executor/message.hpp"

#include <cmath>
#include <limits>

#include "../../support/support.hpp"

namespace nascent {
namespace {

using detail::Json;

/// As another process reads it.
Json sent(const Json& message) {
  const std::string text = detail::json_text(message);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  return Json::parse(text);
}

TEST(Message, OfATrialIsReadBackEqual) {
  const SepConvSpace space;
  Random random(1, "trials");
  for (int number = 0; number < 50; ++number) {
    const Trial<Architecture> trial(number, {space.sample(random), static_cast<Move>(number % 7)},
                                    {.epochs = 1 + number},
                                    std::numeric_limits<std::uint64_t>::max() - number);
    const Json message = sent(detail::message_of_trial(40, trial));
    const auto read = detail::trial_of(space, message);
    EXPECT_TRUE(same_trial(read, trial));
    EXPECT_EQ(read.number, trial.number);
    EXPECT_EQ(read.move(), trial.move());
    EXPECT_EQ(message.at("job").get<JobId>(), 40u);
  }
}

TEST(Message, OfAReportIsReadBackEqual) {
  const EpochReport report{3, 10, 0.1 + 0.2, {7, 9}, {5, 6}};
  const EpochReport read = detail::report_of(sent(detail::message_of_report(2, report)));
  EXPECT_EQ(read.epoch, 3);
  EXPECT_EQ(read.epochs, 10);
  EXPECT_EQ(read.loss, report.loss);  // to the last bit
  EXPECT_EQ(read.train.correct, 7);
  EXPECT_EQ(read.train.total, 9);
  EXPECT_EQ(read.evaluated.correct, 5);
  EXPECT_EQ(read.evaluated.total, 6);
}

TEST(Message, ALossThatIsNoNumberStaysNone) {
  EpochReport report;
  for (const double loss : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    report.loss = loss;
    EXPECT_TRUE(std::isnan(detail::report_of(sent(detail::message_of_report(2, report))).loss));
  }
}

TEST(Message, OfAnOutcomeIsReadBackEqual) {
  Outcome outcome({11, 12}, {13, 14}, 15, 1e-3 / 3);
  outcome.machine = "cpu \"avx2\"\n";
  const Finished read = detail::end_of(sent(detail::message_of_end({8, outcome, {}})));
  EXPECT_EQ(read.job, 8u);
  EXPECT_FALSE(read.error);
  ASSERT_TRUE(read.outcome);
  EXPECT_EQ(read.outcome->accuracy.correct, 11);
  EXPECT_EQ(read.outcome->accuracy.total, 12);
  EXPECT_EQ(read.outcome->train_accuracy.correct, 13);
  EXPECT_EQ(read.outcome->train_accuracy.total, 14);
  EXPECT_EQ(read.outcome->epochs, 15);
  EXPECT_EQ(read.outcome->seconds, outcome.seconds);
  EXPECT_EQ(read.outcome->machine, outcome.machine);
  EXPECT_TRUE(read.outcome->ok());
}

TEST(Message, ADurationThatIsNoNumberIsNoReasonToFail) {
  const Outcome outcome({1, 2}, {}, 3, std::nan(""));
  const Finished read = detail::end_of(sent(detail::message_of_end({8, outcome, {}})));
  EXPECT_TRUE(std::isnan(read.outcome->seconds));
}

TEST(Message, AReasonThatIsNoUtf8ArrivesWithReplacements) {
  const auto failure_of = [](std::string reason) {
    const Finished failed{1, Outcome::failed(std::move(reason)), {}};
    return detail::end_of(sent(detail::message_of_end(failed))).outcome->failure;
  };
  EXPECT_EQ(failure_of("\xC3\xA9t\xC3\xA9"), "\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(failure_of("latin \xE9"), "latin \xEF\xBF\xBD");
  EXPECT_EQ(failure_of("two\nlines"), "two\nlines");
  EXPECT_EQ(failure_of(std::string("a\0b", 3)), std::string("a\0b", 3));
}

TEST(Message, AnErrorThatEndsTheSearchPassesAsItsWords) {
  const auto error_of = [](const std::exception_ptr& error) {
    const Finished read = detail::end_of(sent(detail::message_of_end({1, {}, error})));
    EXPECT_FALSE(read.outcome);
    return message_of<SearchError>([&] { std::rethrow_exception(read.error); });
  };
  EXPECT_EQ(error_of(std::make_exception_ptr(SearchError("no such network"))), "no such network");
  EXPECT_THAT(error_of(std::make_exception_ptr(42)), ::testing::HasSubstr("no std::exception"));
}

TEST(Message, OfACancelledTrialHasNeitherOutcomeNorError) {
  const Finished read = detail::end_of(sent(detail::message_of_end({5, {}, {}})));
  EXPECT_EQ(read.job, 5u);
  EXPECT_FALSE(read.outcome);
  EXPECT_FALSE(read.error);
}

}  // namespace
}  // namespace nascent
