// The faces that pairs compare, from wherever they lie. Needs libarchive (nascent::archive brings
// it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nascent/data/tar.hpp"
#include "nascent/face/identities.hpp"
#include "nascent/face/pair_bin.hpp"
#include "nascent/face/pairs.hpp"

namespace nascent {

/// Pairs with their images.
struct PairFaces {
  ImageSet images;                 ///< each once; labels mean nothing
  std::vector<std::string> names;  ///< of each image
  std::vector<PairIndices> pairs;  ///< in the order of their file
  int folds = 10;                  ///< in which the protocol divides them
};

namespace detail {

inline std::string without_ending(const std::string& path) {
  return path.substr(0, path.rfind('.'));
}

}  // namespace detail

/// Reads the images that pairs name, and no other, from a folder or a tar archive, which is not
/// unpacked. Folds are those of the pairs' file, or 10 where it has one only. DataError with file
/// and line of the pairs for an image that is missing or cannot be decoded.
inline PairFaces read_pair_faces(const FacePairs& pairs, const std::filesystem::path& folder_or_tar,
                                 IdentityOptions options) {
  std::map<std::string, int> lines;  // at which each image is named first
  for (const FacePair& pair : pairs.pairs)
    for (const std::string& image : {pair.first, pair.second}) lines.emplace(image, pair.line);
  options.wanted = [&](const std::string& key) {
    return lines.contains(detail::without_ending(key));
  };
  IdentityReader reader(options, folder_or_tar.string());
  each_file_of(
      folder_or_tar, [&](const std::string& name) { return reader.wants(name); },
      [&](const std::string& name, std::span<const std::uint8_t> bytes) {
        try {
          reader.add(name, bytes);
        } catch (const DataError& error) {
          const std::string key = detail::without_ending(IdentityReader::key_of(name));
          fail_at_line(pairs.name, lines.at(key), error.what());
        }
      });
  IdentitySet faces;
  if (!reader.empty()) faces = reader.finish();
  PairFaces found{{}, {}, find_pairs(pairs, faces, folder_or_tar.string())};
  if (pairs.folds > 1) found.folds = pairs.folds;
  found.images = std::move(faces.images);
  found.names = std::move(faces.paths);
  return found;
}

/// Decodes the images of an InsightFace file, which are aligned, and resizes them where need be.
/// DataError with the image's number, from 0, where it cannot be decoded; `name` stands for the
/// file.
inline PairFaces faces_of_pair_bin(const PairBin& file, const std::string& name, Shape shape) {
  PairFaces found{{shape, 1, {}, {}}, {}, {}};
  std::map<const void*, int> places;  // an image that is there twice is decoded once
  const auto place_of = [&](std::size_t image) {
    const auto [at, is_new] = places.emplace(file.images[image].get(), found.images.size());
    if (is_new) {
      const std::string number = std::to_string(image);
      const Picture picture = parse_picture(*file.images[image], name + ", image " + number);
      found.images.append(
          with_channels(resized(picture, shape.height, shape.width), shape.channels).pixels, 0);
      found.names.push_back(number);
    }
    return at->second;
  };
  for (std::size_t i = 0; i < file.same.size(); ++i) {
    const int first = place_of(2 * i);
    found.pairs.push_back({first, place_of(2 * i + 1), file.same[i]});
  }
  return found;
}

}  // namespace nascent
