// Pictures of faces by identity. Needs stb_image, so programs that read none leave it out.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/file_tree.hpp"
#include "nascent/data/image_file.hpp"
#include "nascent/data/image_set.hpp"
#include "nascent/face/landmarks.hpp"
#include "nascent/space/random.hpp"

namespace nascent {

/// Faces with the persons they show. Identities and the pictures of each are in the order of their
/// names, numbers in names by their value: s2 before s10.
struct IdentitySet {
  ImageSet images;                 ///< the class of an image is its identity
  std::vector<std::string> names;  ///< of each identity
  std::vector<std::string> paths;  ///< of each image: IDENTITY/FILE

  /// How many persons there are.
  int identities() const { return static_cast<int>(names.size()); }
  /// How many images there are.
  int size() const { return images.size(); }

  /// The image of this path, IDENTITY/FILE; nothing where there is none.
  std::optional<int> find(std::string_view path) const {
    const auto found = std::ranges::find(paths, path);
    if (found == paths.end()) return std::nullopt;
    return static_cast<int>(found - paths.begin());
  }

  /// All images of the identities at `chosen`, numbered anew in that order.
  IdentitySet subset(std::span<const int> chosen) const {
    IdentitySet part{{images.image, static_cast<int>(chosen.size()), {}, {}}, {}, {}};
    std::vector<std::vector<int>> members(names.size());
    for (int i = 0; i < size(); ++i)
      members[static_cast<std::size_t>(images.label(i))].push_back(i);
    for (const int identity : chosen) {
      for (const int i : members[static_cast<std::size_t>(identity)]) {
        part.images.append(images[i], part.identities());
        part.paths.push_back(paths[static_cast<std::size_t>(i)]);
      }
      part.names.push_back(names[static_cast<std::size_t>(identity)]);
    }
    return part;
  }
};

/// How pictures of faces are read.
struct IdentityOptions {
  int height = 112;     ///< pixels that every picture is brought to
  int width = 112;      ///< pixels that every picture is brought to
  int channels = 0;     ///< 1 = grey, 3 = colour; 0 = colour where any picture has some
  Landmarks landmarks;  ///< where there are any, faces are aligned by them; else resized
  FileFilter wanted;    ///< by IDENTITY/FILE; all pictures where it is empty
};

/// Whether one name comes before another, runs of digits compared by their value.
inline bool natural_less(std::string_view a, std::string_view b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto number = [&](std::string_view& text) {
    std::size_t length = 0;
    while (length < text.size() && digit(text[length])) ++length;
    std::string_view run = text.substr(0, length);
    text.remove_prefix(length);
    while (run.size() > 1 && run.front() == '0') run.remove_prefix(1);
    return run;
  };
  std::string_view x = a, y = b;
  while (!x.empty() && !y.empty()) {
    if (digit(x.front()) && digit(y.front())) {
      const std::string_view m = number(x), n = number(y);
      if (m.size() != n.size()) return m.size() < n.size();
      if (m != n) return m < n;
    } else if (x.front() != y.front()) {
      return static_cast<unsigned char>(x.front()) < static_cast<unsigned char>(y.front());
    } else {
      x.remove_prefix(1);
      y.remove_prefix(1);
    }
  }
  if (x.empty() != y.empty()) return x.empty();
  return a < b;  // 01 and 1
}

/// Collects the pictures of identities one by one, from wherever their files come.
class IdentityReader {
 public:
  /// `source` stands for where the pictures come from in errors. std::invalid_argument unless the
  /// size is at least 1x1.
  IdentityReader(IdentityOptions options, std::string source)
      : options_(std::move(options)), source_(std::move(source)) {
    if (options_.height < 1 || options_.width < 1)
      throw std::invalid_argument("faces must be brought to a size of at least 1x1 pixels");
  }

  /// Whether a file is a picture of an identity that is asked for: FOLDER/FILE with an ending of
  /// pictures, hidden ones left out; further folders above are passed over.
  bool wants(const std::string& name) const {
    const std::filesystem::path path(name);
    if (path.filename().string().starts_with('.') || !path.has_parent_path()) return false;
    return has_picture_ending(path) && (!options_.wanted || options_.wanted(key_of(path)));
  }

  /// IDENTITY/FILE of a file's name, whatever folders are above.
  static std::string key_of(const std::filesystem::path& path) {
    return (path.parent_path().filename() / path.filename()).generic_string();
  }

  /// Decodes a picture and brings it to its size; DataError where it cannot be decoded, where
  /// another file has its identity and name, or where landmarks are given but none of it.
  void add(const std::string& name, std::span<const std::uint8_t> bytes) {
    const std::string key = key_of(name);
    const Picture picture = parse_picture(bytes, source_ + "/" + name);
    if (!pictures_.emplace(key, brought_to_size(picture, key)).second)
      throw DataError(source_ + " holds two pictures " + key +
                      "; an identity's folder must have a name of its own");
  }

  /// Whether nothing was added yet.
  bool empty() const { return pictures_.empty(); }

  /// All that was added; DataError where that is nothing.
  IdentitySet finish() {
    if (pictures_.empty())
      throw DataError(source_ +
                      " holds no picture of a face; give IDENTITY/*.png, .jpg, .jpeg or .pgm");
    const bool grey = std::ranges::all_of(
        pictures_, [](const auto& entry) { return entry.second.shape.channels == 1; });
    const int channels = options_.channels > 0 ? options_.channels : grey ? 1 : 3;
    IdentitySet set;
    set.images.image = {channels, options_.height, options_.width};
    for (auto& [key, picture] : pictures_) {
      const std::string identity = key.substr(0, key.find('/'));
      if (set.names.empty() || set.names.back() != identity) set.names.push_back(identity);
      picture = with_channels(std::move(picture), channels);
      set.images.append(picture.pixels, set.identities() - 1);
      set.paths.push_back(key);
      picture.pixels = {};
    }
    set.images.classes = set.identities();
    pictures_.clear();
    return set;
  }

 private:
  /// Identities in their order, and the files of each.
  struct ByIdentity {
    bool operator()(const std::string& a, const std::string& b) const {
      const std::string_view x(a), y(b);
      const std::string_view of_x = x.substr(0, x.find('/')), of_y = y.substr(0, y.find('/'));
      return of_x != of_y ? natural_less(of_x, of_y) : natural_less(x, y);
    }
  };

  static bool has_picture_ending(const std::filesystem::path& path) {
    std::string ending = path.extension().string();
    std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
    constexpr std::array<std::string_view, 4> kEndings{".png", ".jpg", ".jpeg", ".pgm"};
    return std::ranges::find(kEndings, ending) != kEndings.end();
  }

  Picture brought_to_size(const Picture& picture, const std::string& key) const {
    if (options_.landmarks.empty()) return resized(picture, options_.height, options_.width);
    const auto points = options_.landmarks.find(key);
    if (points == options_.landmarks.end())
      throw DataError(source_ + ": the points of " + key +
                      " are missing; add a line for it to the file of points");
    try {
      return aligned(picture, points->second, options_.height, options_.width);
    } catch (const std::invalid_argument& error) {
      throw DataError(source_ + ", " + key + ": " + error.what() + "; correct them");
    }
  }

  IdentityOptions options_;
  std::string source_;
  std::map<std::string, Picture, ByIdentity> pictures_;
};

/// Reads DIRECTORY/IDENTITY/*.{png,jpg,jpeg,pgm}; folders above IDENTITY are passed over.
inline IdentitySet identities_of_folder(const std::filesystem::path& directory,
                                        const IdentityOptions& options = {}) {
  IdentityReader reader(options, directory.string());
  each_file_of_folder(
      directory, [&](const std::string& name) { return reader.wants(name); },
      [&](const std::string& name, std::span<const std::uint8_t> bytes) {
        reader.add(name, bytes);
      });
  return reader.finish();
}

/// Two sets that have no person in common.
struct IdentitySplit {
  IdentitySet first;   ///< as many identities as were asked for
  IdentitySet second;  ///< all others
};

namespace detail {

inline IdentitySplit split_at(const IdentitySet& set, std::span<const int> order, int first) {
  if (first < 1 || first >= set.identities())
    throw std::invalid_argument("of " + std::to_string(set.identities()) + " identities " +
                                std::to_string(first) +
                                " cannot be set apart; both parts need at least 1");
  std::vector<int> chosen(order.begin(), order.begin() + first),
      rest(order.begin() + first, order.end());
  std::ranges::sort(chosen);
  std::ranges::sort(rest);
  return {set.subset(chosen), set.subset(rest)};
}

inline std::vector<int> all_identities(const IdentitySet& set) {
  std::vector<int> order(static_cast<std::size_t>(set.identities()));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

}  // namespace detail

/// The first `first` identities in their order, and the others; std::invalid_argument where one
/// part would be empty.
inline IdentitySplit split_by_order(const IdentitySet& set, int first) {
  return detail::split_at(set, detail::all_identities(set), first);
}

/// The same with identities drawn by `seed`, equally likely; each part keeps their order.
inline IdentitySplit split_by_seed(const IdentitySet& set, int first, std::uint64_t seed) {
  std::vector<int> order = detail::all_identities(set);
  Random random(seed, "identities");
  for (int k = set.identities() - 1; k > 0; --k)
    std::swap(order[static_cast<std::size_t>(k)],
              order[static_cast<std::size_t>(random.below(k + 1))]);
  return detail::split_at(set, order, first);
}

}  // namespace nascent
