// How a report shows faces that the network found has verified.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "nascent/report/page_tables.hpp"

namespace nascent::detail {

inline double number_in(const nlohmann::ordered_json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object.at(name).is_number())
    return std::nan("");
  return object.at(name).get<double>();
}

/// A list within an object; empty where there is none.
inline nlohmann::ordered_json list_in(const nlohmann::ordered_json& object, const char* name) {
  const bool there = object.is_object() && object.contains(name) && object.at(name).is_array();
  return there ? object.at(name) : nlohmann::ordered_json::array();
}

/// Two pictures side by side with their names and how alike they are. Only pictures within the page
/// are shown.
inline std::string face_pair(const nlohmann::ordered_json& pair) {
  std::string pictures, names;
  for (const auto& image : list_in(pair, "images")) {
    const std::string name = field_text(image, "name"), picture = field_text(image, "picture");
    if (picture.starts_with("data:image/png;base64,"))
      pictures += "<img alt=\"" + escaped(name) + "\" src=\"" + escaped(picture) + "\">";
    names += (names.empty() ? "" : ", ") + escaped(name);
  }
  return "<figure class=pair>" + pictures + "<figcaption>" + fixed(number_in(pair, "score"), 3) +
         "<br>" + names + "</figcaption></figure>\n";
}

/// Numbers by name, of `verification.json`.
inline std::vector<std::pair<std::string, std::string>> verification_numbers(
    const nlohmann::ordered_json& verification) {
  const auto percent = [](double share) { return fixed(100 * share, 2) + " %"; };
  std::vector<std::pair<std::string, std::string>> rows{
      {"comparisons of one person", field_text(verification, "same")},
      {"comparisons of different persons", field_text(verification, "different")},
      {"equal error rate", percent(number_in(verification, "eer"))},
      {"area under the curve", fixed(number_in(verification, "auc"), 4)}};
  for (const auto& rate : list_in(verification, "tar_at_far"))
    rows.emplace_back("TAR at FAR of at most " + percent(number_in(rate, "at_far")),
                      percent(number_in(rate, "tar")));
  if (verification.contains("rank_1")) {
    const auto& rank = verification.at("rank_1");
    rows.emplace_back("found at rank 1, first images as gallery",
                      field_text(rank, "right") + " of " + field_text(rank, "probes"));
  }
  return rows;
}

/// `chart` is that of the curve. Empty where the run verified nothing.
inline std::string verification_section(const RunFiles& run, const std::string& chart) {
  const auto& verification = run.verification;
  if (!verification.is_object()) return "";
  std::string text = "<h2>Verification</h2>\n<p>" + escaped(field_text(verification, "what")) +
                     "</p>\n<div id=verification class=two><div>" +
                     pairs_table(verification_numbers(verification)) + "</div>" + chart +
                     "</div>\n";
  for (const auto& group : list_in(verification, "groups")) {
    text += "<h3>" + escaped(field_text(group, "name")) + "</h3>\n<div class=faces>";
    for (const auto& pair : list_in(group, "pairs")) text += face_pair(pair);
    text += "</div>\n";
  }
  return text;
}

}  // namespace nascent::detail
