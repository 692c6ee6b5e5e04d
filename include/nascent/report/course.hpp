// What a strategy said while it searched, which a journal does not hold: `course.json` beside it.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nascent/report/network_table.hpp"
#include "nascent/search/accuracy.hpp"
#include "nascent/search/json_text.hpp"

namespace nascent {

/// An architecture as it was judged.
struct Reached {
  std::string name;          ///< of the phase that ended with it, or empty
  std::string architecture;  ///< its text
  Accuracy accuracy;         ///< as judged
  int epochs = 0;            ///< spent on the judgement
  int trials = 0;            ///< outcomes up to there
};

/// All of it follows from the journal by the search's own rules; it is kept so that a page needs
/// neither the search's policies nor its space.
struct Course {
  std::vector<int>
      kept;  ///< trials whose candidates the strategy kept, in the order in which it did
  std::vector<Reached> milestones;  ///< the ends of its phases
  std::optional<Reached> found;     ///< once the search has ended
  std::string caveat;               ///< what every result is stamped with
  NetworkTable networks;            ///< of the trials
};

namespace detail {

inline nlohmann::ordered_json to_json(const Reached& reached) {
  return {{"name", reached.name},
          {"architecture", reached.architecture},
          {"correct", reached.accuracy.correct},
          {"images", reached.accuracy.total},
          {"epochs", reached.epochs},
          {"trials", reached.trials}};
}

inline Reached reached_of(const nlohmann::ordered_json& json) {
  return {json.at("name").get<std::string>(),
          json.at("architecture").get<std::string>(),
          {json.at("correct").get<std::int64_t>(), json.at("images").get<std::int64_t>()},
          json.at("epochs").get<int>(),
          json.at("trials").get<int>()};
}

}  // namespace detail

/// One line. `architectures` are those whose networks are written.
inline std::string to_text(const Course& course, const std::vector<std::string>& architectures) {
  using Json = nlohmann::ordered_json;
  Json milestones = Json::array(), networks = Json::array();
  for (const Reached& reached : course.milestones) milestones.push_back(detail::to_json(reached));
  NetworkPacker packer;
  for (const std::string& architecture : architectures)
    if (const DrawnNetwork* network = course.networks.find(architecture))
      networks.push_back({architecture, packer.pack(*network)});
  const Json json{{"kept", course.kept},
                  {"milestones", milestones},
                  {"found", course.found ? detail::to_json(*course.found) : Json()},
                  {"caveat", course.caveat},
                  {"kinds", packer.kinds()},
                  {"networks", networks}};
  return detail::json_text(json) + "\n";
}

/// Nothing for a text that is not such a file: a page can do without it.
inline std::optional<Course> parse_course(const std::string& text) {
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    Course course;
    course.kept = json.at("kept").get<std::vector<int>>();
    for (const auto& reached : json.at("milestones"))
      course.milestones.push_back(detail::reached_of(reached));
    if (!json.at("found").is_null()) course.found = detail::reached_of(json.at("found"));
    course.caveat = json.at("caveat").get<std::string>();
    for (const auto& pair : json.at("networks"))
      course.networks.add(pair.at(0).get<std::string>(),
                          unpack_network(pair.at(1), json.at("kinds")));
    return course;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace nascent
