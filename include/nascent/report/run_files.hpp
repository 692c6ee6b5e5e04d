// What a run directory holds, read for a report.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "nascent/report/course.hpp"
#include "nascent/report/known_spaces.hpp"
#include "nascent/search/journal_text.hpp"

namespace nascent {

/// All that a report is made of. Only the journal must be there.
struct RunFiles {
  std::string name;                     ///< of the directory
  JournalText journal;                  ///< journal.jsonl
  std::optional<JournalText> baseline;  ///< of random search at equal cost: random-search/
  std::optional<Course> course;         ///< what the strategy said: course.json
  NetworkTable networks;                ///< as far as the course or the texts tell them
  nlohmann::ordered_json notes;         ///< run.json, or null
  nlohmann::ordered_json result;        ///< result.json, or null
  nlohmann::ordered_json verification;  ///< of faces: verification.json, or null
};

namespace detail {

inline std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Null where there is no such file or no object in it.
inline nlohmann::ordered_json object_in(const std::filesystem::path& path) {
  auto json = nlohmann::ordered_json::parse(text_of_file(path), nullptr, false);
  return json.is_object() ? json : nlohmann::ordered_json();
}

inline std::optional<JournalText> journal_in(const std::filesystem::path& directory) {
  const std::filesystem::path path = directory / "journal.jsonl";
  JournalText journal = parse_journal(text_of_file(path), path.string());
  if (!journal.header.is_object()) return std::nullopt;
  return journal;
}

/// A field as text, or nothing.
inline std::string field_text(const nlohmann::ordered_json& object, const std::string& name) {
  if (!object.is_object() || !object.contains(name)) return "";
  const auto& value = object.at(name);
  return value.is_string() ? value.get<std::string>() : json_text(value);
}

inline int field_number(const nlohmann::ordered_json& object, const std::string& name,
                        int otherwise) {
  try {
    return std::stoi(field_text(object, name));
  } catch (const std::logic_error&) {
    return otherwise;
  }
}

/// The network that a journal's architecture stands for, where the space is one of those whose
/// texts say so.
inline std::optional<NetworkDescription> network_of(const JournalHeader& header,
                                                    const std::string& architecture) {
  const auto options = header.value("options", nlohmann::ordered_json::object());
  const auto number = [&](const char* name, int otherwise) {
    return field_number(options, std::string("space.") + name, otherwise);
  };
  const Problem plain;
  const Problem problem{
      {number("image_channels", number("channels", plain.image.channels)),
       number("image_height", plain.image.height), number("image_width", plain.image.width)},
      number("classes", plain.classes)};
  const std::string space = field_text(header, "space");
  const auto is = [&](const char* name) { return space.find(name) != std::string::npos; };
  try {
    if (is("SepConvSpace") || is("TrgSpace"))
      return describe_text(AnyChain{}, architecture, problem);
    NasBench201Space cells;
    cells.channels = number("channels", cells.channels);
    cells.cells = number("cells", cells.cells);
    if (is("NasBench201Space")) return describe_text(cells, architecture, problem);
    ResidualFaceSpace faces = any_faces();
    faces.embedding = number("embedding", faces.embedding);
    if (is("ResidualFaceSpace")) return describe_text(faces, architecture, problem);
    TransNasMacroSpace modules;
    modules.channels = number("channels", modules.channels);
    if (is("TransNasMacroSpace")) return describe_text(modules, architecture, problem);
  } catch (const std::invalid_argument&) {  // no architecture of it: the page shows its text
  }
  return std::nullopt;
}

inline void add_networks(RunFiles& run) {
  if (run.course) run.networks = std::move(run.course->networks);
  for (const TrialRecord& trial : run.journal.trials) {
    if (run.networks.contains(trial.architecture)) continue;
    if (const auto network = network_of(run.journal.header, trial.architecture))
      run.networks.add(trial.architecture, *network);
  }
}

/// The last part of a path, which may end with a slash.
inline std::string name_of(const std::filesystem::path& directory) {
  const auto path = std::filesystem::absolute(directory).lexically_normal();
  return path.has_filename() ? path.filename().string() : path.parent_path().filename().string();
}

}  // namespace detail

/// Reads a run directory; SearchError when it has no journal, or a damaged one.
inline RunFiles read_run(const std::filesystem::path& directory) {
  auto journal = detail::journal_in(directory);
  if (!journal)
    throw SearchError(directory.string() +
                      " has no journal.jsonl; name the run directory of a search");
  RunFiles run;
  run.name = detail::name_of(directory);
  run.journal = *std::move(journal);
  try {
    run.baseline = detail::journal_in(directory / "random-search");
  } catch (const SearchError&) {  // a page without it says more than none
  }
  run.course = parse_course(detail::text_of_file(directory / "course.json"));
  run.notes = detail::object_in(directory / "run.json");
  run.result = detail::object_in(directory / "result.json");
  run.verification = detail::object_in(directory / "verification.json");
  detail::add_networks(run);
  return run;
}

}  // namespace nascent
