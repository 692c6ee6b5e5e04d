// Pictures in folders, one folder a class. Needs stb_image, so programs that read none leave it
// out.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <iterator>
#include <numeric>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/dataset.hpp"
#include "nascent/data/hold_out.hpp"
#include "nascent/data/image_file.hpp"
#include "nascent/data/image_set.hpp"

namespace nascent {

/// How pictures in folders are read.
struct ImageFolderOptions {
  int extent = 0;               ///< pixels to a side that every picture is resized to; 0 = as it is
  double test_share = 1.0 / 6;  ///< of the pictures, where no folder says which are for the test
  std::uint64_t seed = 0;       ///< of that choice
  bool flip = false;            ///< a mirrored picture keeps its class
};

namespace detail {

using Paths = std::vector<std::filesystem::path>;

/// What a directory holds, by name; hidden files are left out.
inline Paths entries_of(const std::filesystem::path& directory) {
  std::error_code error;
  Paths found;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error))
    if (at->path().filename().string().front() != '.') found.push_back(at->path());
  if (error)
    throw DataError(directory.string() + " cannot be listed (" + error.message() +
                    "); check that it exists and may be read");
  std::ranges::sort(found);
  return found;
}

inline bool is_picture(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::string_view kEndings[] = {".png", ".jpg", ".jpeg", ".pgm"};
  return std::ranges::find(kEndings, ending) != std::end(kEndings);
}

/// The pictures of each class: one folder a class, classes and files in the order of their names.
struct ClassFolders {
  std::vector<std::string> classes;
  std::vector<Paths> pictures;

  explicit ClassFolders(const std::filesystem::path& root) {
    std::error_code ignored;
    for (const auto& folder : entries_of(root)) {
      if (!std::filesystem::is_directory(folder, ignored)) continue;
      Paths files = entries_of(folder);
      std::erase_if(files, [](const auto& file) { return !is_picture(file); });
      if (files.empty())
        throw DataError(
            folder.string() +
            " is the folder of a class and holds no picture (.png, .jpg, .jpeg or .pgm); "
            "add some or remove it");
      classes.push_back(folder.filename().string());
      pictures.push_back(std::move(files));
    }
    if (classes.size() < 2)
      throw DataError(root.string() + " holds " + std::to_string(classes.size()) +
                      " folders of pictures where at least 2 classes are needed; give " +
                      "DIRECTORY/CLASS/*.png, or DIRECTORY/train/CLASS/*.png and the same in test");
  }
};

/// Reads the pictures of several sets. The first one sets the size unless `extent` does; grey ones
/// become red, green and blue where any picture is coloured.
class PictureReader {
 public:
  explicit PictureReader(int extent) : extent_(extent) {}

  ImageSet read(const ClassFolders& folders) {
    ImageSet set;
    set.classes = static_cast<int>(folders.classes.size());
    for (std::size_t c = 0; c < folders.pictures.size(); ++c)
      for (const auto& path : folders.pictures[c]) {
        Picture picture = read_picture(path);
        if (extent_ > 0) picture = resized(picture, extent_, extent_);
        if (first_.empty()) {
          first_ = path.string();
          shape_ = picture.shape;
        }
        if (picture.shape.height != shape_.height || picture.shape.width != shape_.width)
          throw DataError(path.string() + " has " + extents(picture.shape) + " pixels where " +
                          first_ + " has " + extents(shape_) +
                          "; resize the pictures to one size (ImageFolderOptions::extent does)");
        if (picture.shape.channels == 3 && shape_.channels == 1) shape_.channels = 3;
        pictures_.push_back(std::move(picture));
        set.labels.push_back(static_cast<int>(c));
      }
    return set;
  }

  /// Gives the sets their pixels, in the order in which they were read.
  void fill(std::initializer_list<ImageSet*> sets) {
    auto picture = pictures_.begin();
    for (ImageSet* set : sets) {
      set->image = shape_;
      for (int i = 0; i < set->size(); ++i, ++picture) {
        const int copies = shape_.channels / picture->shape.channels;  // 3 of grey among colours
        for (int copy = 0; copy < copies; ++copy)
          set->pixels.insert(set->pixels.end(), picture->pixels.begin(), picture->pixels.end());
        picture->pixels = {};
      }
    }
  }

 private:
  static std::string extents(Shape shape) {
    return std::to_string(shape.width) + "x" + std::to_string(shape.height);
  }

  int extent_;
  std::string first_;
  Shape shape_;
  std::vector<Picture> pictures_;
};

}  // namespace detail

/// Pictures by class: `directory`/train/CLASS/* and `directory`/test/CLASS/*; or, where there are
/// not both of these folders, `directory`/CLASS/*, of which a seeded share of each class, `options`
/// says how large, becomes the test set.
///
/// Classes are numbered in the order of their names. All pictures must have one size unless
/// `options.extent` sets it. Where all are stored as grey there is 1 channel, else 3. Normalised by
/// the mean and deviation of the training images. DataError names the folder or the file that is
/// wrong.
inline Dataset image_folder(const std::filesystem::path& directory,
                            const ImageFolderOptions& options = {}) {
  Dataset data;
  data.name = directory.string();
  data.flip = options.flip;
  detail::PictureReader reader(options.extent);
  std::error_code ignored;
  if (std::filesystem::is_directory(directory / "train", ignored) &&
      std::filesystem::is_directory(directory / "test", ignored)) {
    const detail::ClassFolders train(directory / "train"), test(directory / "test");
    if (train.classes != test.classes)
      throw DataError(directory.string() +
                      ": train and test do not have the same classes; give both the same folders");
    data.class_names = train.classes;
    data.train = reader.read(train);
    data.test = reader.read(test);
    reader.fill({&data.train, &data.test});
  } else {
    const detail::ClassFolders folders(directory);
    data.class_names = folders.classes;
    ImageSet all = reader.read(folders);
    reader.fill({&all});
    const int count = static_cast<int>(std::lround(options.test_share * all.size()));
    if (count < 1 || count >= all.size())
      throw DataError(directory.string() + ": a share of " + std::to_string(options.test_share) +
                      " of its " + std::to_string(all.size()) +
                      " pictures leaves none to train on or none to test; give more");
    std::vector<int> indices(static_cast<std::size_t>(all.size()));
    std::iota(indices.begin(), indices.end(), 0);
    const Draw draw = stratified_draw(all, indices, count, options.seed, "test-pictures");
    data.train = all.subset(draw.rest);
    data.test = all.subset(draw.drawn);
  }
  detail::measure_statistics(data.train, data.mean, data.deviation);
  if (std::ranges::find(data.deviation, 0.0) != data.deviation.end())
    throw DataError(directory.string() +
                    ": a channel of all training pictures has one value only, "
                    "so there is nothing to learn; give other pictures");
  return data;
}

}  // namespace nascent
