// Trials, reports and outcomes as text, for workers in other processes. Each message is one line.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/search/executor/executor_policy.hpp"
#include "nascent/search/json_text.hpp"

namespace nascent::detail {

using Json = nlohmann::ordered_json;

inline Json to_json(const Accuracy& accuracy) { return {accuracy.correct, accuracy.total}; }

inline Accuracy accuracy_of(const Json& json) {
  return {json.at(0).get<std::int64_t>(), json.at(1).get<std::int64_t>()};
}

inline Json to_json(const Fidelity& fidelity) {
  return {{"epochs", fidelity.epochs},
          {"schedule", fidelity.schedule},
          {"resumed", fidelity.resumed},
          {"repeat", fidelity.repeat},
          {"share", fidelity.share},
          {"subset", static_cast<int>(fidelity.subset)},
          {"measure", static_cast<int>(fidelity.measure)}};
}

inline Fidelity fidelity_of(const Json& json) {
  const auto number = [&](const char* key) { return json.at(key).get<int>(); };
  return {number("epochs"),
          number("schedule"),
          number("resumed"),
          number("repeat"),
          json.at("share").get<double>(),
          static_cast<Subset>(number("subset")),
          static_cast<Measure>(number("measure"))};
}

template <class Architecture>
Json to_json(const Trial<Architecture>& trial) {
  Json json{{"number", trial.number},
            {"move", static_cast<int>(trial.move())},
            {"architecture", to_string(trial.architecture())},
            {"fidelity", to_json(trial.fidelity)},
            {"seed", trial.seed}};
  if (trial.parent) json["parent"] = to_json(*trial.parent);
  return json;
}

template <class Architecture>
Json message_of_trial(JobId job, const Trial<Architecture>& trial) {
  Json json = to_json(trial);
  json["job"] = job;
  return json;
}

template <class Space>
Trial<typename Space::Architecture> trial_of(const Space& space, const Json& json) {
  static_assert(parses_text<Space>,
                "nascent: workers in other processes are told architectures as text, so your Space "
                "needs `Architecture parse(std::string_view) const` - docs/concepts.md#space");
  using Architecture = typename Space::Architecture;
  std::shared_ptr<const Trial<Architecture>> parent;
  if (json.contains("parent"))
    parent = std::make_shared<const Trial<Architecture>>(trial_of(space, json.at("parent")));
  return {json.at("number").get<int>(),
          {space.parse(json.at("architecture").get<std::string>()),
           static_cast<Move>(json.at("move").get<int>())},
          fidelity_of(json.at("fidelity")),
          json.at("seed").get<std::uint64_t>(),
          std::move(parent)};
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
          {"machine", outcome.machine},
          {"curve", outcome.curve},
          {"metrics", outcome.metrics}};
}

inline Outcome outcome_of(const Json& json) {
  Outcome outcome(accuracy_of(json.at("accuracy")), accuracy_of(json.at("train_accuracy")),
                  json.at("epochs").get<int>(), number_of(json.at("seconds")));
  outcome.failure = json.at("failure").get<std::string>();
  outcome.machine = json.at("machine").get<std::string>();
  outcome.curve = json.at("curve").get<std::vector<std::int32_t>>();
  outcome.metrics = json.at("metrics").get<Metrics>();
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
