// Pairs of images to verify, in the form of LFW's pairs.txt.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/data/read_text.hpp"
#include "nascent/data/text_lines.hpp"
#include "nascent/face/identities.hpp"

namespace nascent {

/// Two images and whether they show one person.
struct FacePair {
  std::string first;   ///< NAME/NAME_0001, without the ending of the file
  std::string second;  ///< the same of the other image
  bool same = false;   ///< of one person
  int line = 0;        ///< of the file, counted from 1
};

/// A list of pairs, in folds of equal size that follow each other.
struct FacePairs {
  std::string name;             ///< of the file
  int folds = 0;                ///< as its header says; 1 where it names none
  std::vector<FacePair> pairs;  ///< in the order of the file
};

/// A pair as places in a set of images.
struct PairIndices {
  int first = 0;      ///< index of an image
  int second = 0;     ///< index of the other
  bool same = false;  ///< of one person
};

namespace detail {

/// Fields between tabs; where a line has none, between white space.
inline std::vector<std::string_view> pair_fields(std::string_view line) {
  if (line.find('\t') != std::string_view::npos) return line_fields(line, '\t');
  std::vector<std::string_view> fields;
  for (const std::string_view field : line_fields(line, ' '))
    if (!field.empty()) fields.push_back(field);
  return fields;
}

/// One line of such a file.
class PairLine {
 public:
  PairLine(const std::string& file, const TextLine& line)
      : file_(file), line_(line), fields_(pair_fields(line.text)) {}

  FacePair pair() const {
    if (fields_.size() != 3 && fields_.size() != 4)
      fail(std::to_string(fields_.size()) + " fields");
    const bool same = fields_.size() == 3;
    const std::string_view one = fields_[0], other = same ? one : fields_[2];
    if (one.empty() || other.empty()) fail("an empty name");
    if (!same && one == other) fail("the same name twice");
    return {image(one, fields_[1]), image(other, fields_.back()), same, line_.number};
  }

  int count(std::size_t field) const {
    const auto value = parsed_number<int>(fields_[field]);
    if (!value || *value < 1)
      fail_at_line(file_, line_.number,
                   "'" + std::string(line_.text) +
                       "' is no header; write how many folds there are and how many pairs of each "
                       "kind a fold has, or the latter alone");
    return *value;
  }
  std::size_t fields() const { return fields_.size(); }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    fail_at_line(file_, line_.number,
                 what + " in '" + std::string(line_.text) +
                     "'; write NAME I J for two images of one person, NAME I OTHER J for two "
                     "persons, with tabs between");
  }

  /// NAME/NAME_0001
  std::string image(std::string_view name, std::string_view number) const {
    const auto value = parsed_number<int>(number);
    if (!value || *value < 1) fail("'" + std::string(number) + "' is no number of an image");
    std::array<char, 16> digits{};
    std::snprintf(digits.data(), digits.size(), "_%04d", *value);
    return std::string(name) + "/" + std::string(name) + digits.data();
  }

  const std::string& file_;
  TextLine line_;
  std::vector<std::string_view> fields_;
};

}  // namespace detail

/// Parses pairs in LFW's form: a header `FOLDS N` or `N`; then, for every fold, N lines
/// `NAME I J` (images I and J of one person) and N lines `NAME I OTHER J`, fields between tabs.
/// Image I of NAME is NAME/NAME_000I. DataError with file and line where a line is of another form,
/// or where there are more or fewer than the header says; `name` stands for the file.
inline FacePairs parse_pairs(std::string_view text, const std::string& name) {
  const std::vector<TextLine> lines = lines_of(text);
  if (lines.empty()) throw DataError(name + " is empty; give pairs in the form of LFW's pairs.txt");
  const detail::PairLine header(name, lines.front());
  if (header.fields() > 2)
    fail_at_line(name, lines.front().number,
                 "'" + std::string(lines.front().text) +
                     "' is no header; write FOLDS N or N before the pairs");
  FacePairs all{name, header.fields() == 2 ? header.count(0) : 1, {}};
  const std::int64_t of_kind = header.count(header.fields() - 1);
  for (std::size_t i = 1; i < lines.size(); ++i)
    all.pairs.push_back(detail::PairLine(name, lines[i]).pair());
  // Neither factor exceeds 2^31, so this overflows only beyond any file.
  const double wanted = 2.0 * all.folds * static_cast<double>(of_kind);
  if (static_cast<double>(all.pairs.size()) != wanted)
    fail_at_line(name, lines.back().number,
                 "the file holds " + std::to_string(all.pairs.size()) + " pairs where line " +
                     std::to_string(lines.front().number) + " promises " +
                     std::to_string(all.folds) + " folds of twice " + std::to_string(of_kind) +
                     "; correct that line or complete the file");
  return all;
}

/// Reads such a file.
inline FacePairs read_pairs(const std::filesystem::path& path) {
  return parse_pairs(read_text(path), path.string());
}

/// Looks the images of pairs up, whatever ending they have. DataError names the first image that
/// is missing, with file and line; `images` stands for where the faces come from.
inline std::vector<PairIndices> find_pairs(const FacePairs& pairs, const IdentitySet& faces,
                                           const std::string& images) {
  std::map<std::string, int, std::less<>> by_stem;
  for (int i = 0; i < faces.size(); ++i) {
    const std::string& path = faces.paths[static_cast<std::size_t>(i)];
    by_stem.emplace(path.substr(0, path.rfind('.')), i);
  }
  std::vector<PairIndices> found;
  for (const FacePair& pair : pairs.pairs) {
    const auto index = [&](const std::string& image) {
      const auto at = by_stem.find(image);
      if (at == by_stem.end())
        fail_at_line(pairs.name, pair.line,
                     "there is no image " + image + ".jpg in " + images +
                         "; add it, or give the folder or archive that holds it");
      return at->second;
    };
    found.push_back({index(pair.first), index(pair.second), pair.same});
  }
  return found;
}

}  // namespace nascent
