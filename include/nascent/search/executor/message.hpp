// Trials, reports and outcomes as text, for workers in other processes. Each message is one line.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "nascent/search/executor/executor_policy.hpp"
#include "nascent/search/json_text.hpp"

namespace nascent::detail {

using Json = nlohmann::ordered_json;

inline Json to_json(const Accuracy& accuracy) { return {accuracy.correct, accuracy.total}; }

inline Accuracy accuracy_of(const Json& json) {
  return {json.at(0).get<std::int64_t>(), json.at(1).get<std::int64_t>()};
}

template <class Architecture>
Json message_of_trial(JobId job, const Trial<Architecture>& trial) {
  return {{"job", job},
          {"number", trial.number},
          {"move", static_cast<int>(trial.move())},
          {"architecture", to_string(trial.architecture())},
          {"epochs", trial.fidelity.epochs},
          {"seed", trial.seed}};
}

template <class Space>
Trial<typename Space::Architecture> trial_of(const Space& space, const Json& json) {
  static_assert(parses_text<Space>,
                "nascent: workers in other processes are told architectures as text, so your Space "
                "needs `Architecture parse(std::string_view) const` - docs/concepts.md#space");
  return {json.at("number").get<int>(),
          {space.parse(json.at("architecture").get<std::string>()),
           static_cast<Move>(json.at("move").get<int>())},
          {.epochs = json.at("epochs").get<int>()},
          json.at("seed").get<std::uint64_t>()};
}

inline Json message_of_report(JobId job, const EpochReport& report) {
  return {{"job", job},
          {"epoch", report.epoch},
          {"epochs", report.epochs},
          {"loss", report.loss},
          {"train", to_json(report.train)},
          {"evaluated", to_json(report.evaluated)}};
}

/// JSON has no NaN: a number that is none is written as null.
inline double number_of(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

inline EpochReport report_of(const Json& json) {
  return {json.at("epoch").get<int>(), json.at("epochs").get<int>(), number_of(json.at("loss")),
          accuracy_of(json.at("train")), accuracy_of(json.at("evaluated"))};
}

inline Json to_json(const Outcome& outcome) {
  return {{"accuracy", to_json(outcome.accuracy)},
          {"train_accuracy", to_json(outcome.train_accuracy)},
          {"epochs", outcome.epochs},
          {"seconds", outcome.seconds},
          {"failure", outcome.failure},
          {"machine", outcome.machine}};
}

inline Outcome outcome_of(const Json& json) {
  Outcome outcome(accuracy_of(json.at("accuracy")), accuracy_of(json.at("train_accuracy")),
                  json.at("epochs").get<int>(), number_of(json.at("seconds")));
  outcome.failure = json.at("failure").get<std::string>();
  outcome.machine = json.at("machine").get<std::string>();
  return outcome;
}

/// An error that ends the search passes as its words.
inline Json message_of_end(const Finished& finished) {
  Json json{{"job", finished.job}};
  if (finished.outcome) json["outcome"] = to_json(*finished.outcome);
  if (finished.error) try {
      std::rethrow_exception(finished.error);
    } catch (const std::exception& error) {
      json["error"] = error.what();
    } catch (...) {
      json["error"] = "something that is no std::exception";
    }
  json["end"] = true;
  return json;
}

inline Finished end_of(const Json& json) {
  Finished finished{json.at("job").get<JobId>(), {}, {}};
  if (json.contains("outcome")) finished.outcome = outcome_of(json.at("outcome"));
  if (json.contains("error"))
    finished.error = std::make_exception_ptr(SearchError(json.at("error").get<std::string>()));
  return finished;
}

}  // namespace nascent::detail
