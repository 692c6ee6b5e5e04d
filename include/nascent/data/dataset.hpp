#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "nascent/data/cifar.hpp"
#include "nascent/data/data_error.hpp"
#include "nascent/data/dataset_policy.hpp"
#include "nascent/data/hold_out.hpp"
#include "nascent/data/idx.hpp"
#include "nascent/data/image_set.hpp"
#include "nascent/data/known_files.hpp"

namespace nascent {

/// Images to train on, images to test on, and how they are normalised.
struct Dataset {
  std::string name;                     ///< as reports and journals name it
  ImageSet train, test;                 ///< images with their classes
  std::vector<double> mean, deviation;  ///< per channel, of raw / 255
  bool flip = false;                    ///< a mirrored image keeps its class

  /// How many classes there are.
  int classes() const { return train.classes; }

  /// Parts the training images, classes in proportion, and seals the test images.
  HoldOut hold_out(const HoldOutOptions& options) const {
    return nascent::hold_out(*this, options);
  }

  /// Holds out this share of the training images.
  HoldOut hold_out(double share) const { return nascent::hold_out(*this, share); }

  /// Whether the images are those that the data set's authors published. Other ones, such as a part
  /// of them, are no error.
  ContentCheck check_content() const { return nascent::check_content(name, train, test); }
};

static_assert(DatasetPolicy<Dataset>);

namespace detail {

/// Beginnings of the names of the four files, which end in images-idx3-ubyte or labels-idx1-ubyte.
struct IdxNames {
  std::string train = "train-", test = "t10k-";
};

/// The four files of a data set of the MNIST family; `classes` = 0 counts them.
inline Dataset read_idx_directory(const std::filesystem::path& directory, std::string name,
                                  int classes, const std::string& advice,
                                  const IdxNames& names = {}) {
  const auto file = [&](const std::string& standard) {
    return find_idx(directory, standard, advice);
  };
  const auto train_images = file(names.train + "images-idx3-ubyte");
  const auto train_labels = file(names.train + "labels-idx1-ubyte");
  const auto test_images = file(names.test + "images-idx3-ubyte");
  const auto test_labels = file(names.test + "labels-idx1-ubyte");
  Dataset data;
  data.name = std::move(name);
  data.train = read_idx(train_images, train_labels, classes);
  data.test = read_idx(test_images, test_labels, data.train.classes);
  if (data.test.image != data.train.image)
    throw DataError(test_images.string() + ", byte 8: its images have another size than those of " +
                    train_images.string() + "; give files of one data set");
  return data;
}

/// Exchanges rows and columns of every image.
inline void transpose(ImageSet& set) {
  const Shape from = set.image;
  const auto height = static_cast<std::size_t>(from.height);
  const auto width = static_cast<std::size_t>(from.width);
  std::vector<std::uint8_t> pixels(set.pixels.size());
  for (std::size_t map = 0; map < pixels.size(); map += height * width)
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x)
        pixels[map + x * height + y] = set.pixels[map + y * width + x];
  set.pixels = std::move(pixels);
  set.image = {from.channels, from.width, from.height};
}

/// `directory`/`name` where there is one: archives unpack to it.
inline std::filesystem::path inner_directory(const std::filesystem::path& directory,
                                             const char* name) {
  std::error_code ignored;
  const auto inner = directory / name;
  return std::filesystem::is_directory(inner, ignored) ? inner : directory;
}

/// Mean and standard deviation of raw / 255 over all pixels of each channel, exact before the last
/// division.
inline void measure_statistics(const ImageSet& images, std::vector<double>& mean,
                               std::vector<double>& deviation) {
  const auto channels = static_cast<std::size_t>(images.image.channels);
  const auto map = static_cast<std::size_t>(images.image.height * images.image.width);
  std::vector<std::uint64_t> sum(channels), squares(channels);
  for (std::size_t i = 0; i < images.pixels.size(); ++i) {
    const std::uint64_t value = images.pixels[i];
    sum[i / map % channels] += value;
    squares[i / map % channels] += value * value;
  }
  const double count = static_cast<double>(images.size()) * static_cast<double>(map);
  for (std::size_t c = 0; c < channels; ++c) {
    const double average = static_cast<double>(sum[c]) / count;
    const double variance = static_cast<double>(squares[c]) / count - average * average;
    mean.push_back(average / 255);
    deviation.push_back(std::sqrt(variance) / 255);
  }
}

inline constexpr const char* kStandardNames =
    "a data directory holds train-images-idx3-ubyte, train-labels-idx1-ubyte, "
    "t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each plain or .gz";

}  // namespace detail

/// FashionMNIST (Zalando Research, MIT): 60,000 + 10,000 grey images of 28x28 in 10 classes.
/// Normalisation of the paper's authors. The default directory is that of Debian's package.
inline Dataset fashion_mnist(
    const std::filesystem::path& directory = "/usr/share/datasets/fashion-mnist") {
  Dataset data = detail::read_idx_directory(
      directory, "fashion-mnist", 10,
      "install FashionMNIST with `apt-get install dataset-fashion-mnist`, or name the directory "
      "that holds its four files");
  data.mean = {0.2860402};
  data.deviation = {0.3530236};
  data.flip = true;
  return data;
}

/// Kuzushiji-MNIST (CODH, CC BY-SA 4.0): 60,000 + 10,000 grey images of 28x28 in 10 classes.
/// Normalisation of the paper's authors; characters are never mirrored.
inline Dataset kmnist(const std::filesystem::path& directory) {
  Dataset data = detail::read_idx_directory(
      directory, "kmnist", 10,
      "download the four files of Kuzushiji-MNIST from its authors (CODH) into a directory, which "
      "you name with --data kmnist --data-dir DIRECTORY");
  data.mean = {0.19036119};
  data.deviation = {0.34719803};
  return data;
}

/// EMNIST, balanced (NIST): 112,800 + 18,800 grey images of 28x28, 47 classes of digits and
/// letters. Its files hold every image with rows and columns exchanged; here the characters stand
/// upright. Normalisation of the paper's authors; characters are never mirrored.
inline Dataset emnist_balanced(const std::filesystem::path& directory) {
  Dataset data = detail::read_idx_directory(
      directory, "emnist-balanced", 47,
      "download gzip.zip of EMNIST from NIST and unpack its four emnist-balanced files into a "
      "directory, which you name with --data emnist-balanced --data-dir DIRECTORY",
      {"emnist-balanced-train-", "emnist-balanced-test-"});
  detail::transpose(data.train);
  detail::transpose(data.test);
  data.mean = {.1751};
  data.deviation = {.3332};
  return data;
}

/// CIFAR-10 (Krizhevsky 2009): 50,000 + 10,000 colour images of 32x32 in 10 classes, from the
/// binary form's directory or the one above it; on request only the first of the five `files` of
/// training images. Normalisation of the paper's authors.
inline Dataset cifar10(const std::filesystem::path& directory, int files = 5) {
  const auto inner = detail::inner_directory(directory, "cifar-10-batches-bin");
  const std::string advice =
      "download cifar-10-binary.tar.gz (MD5 c32a1d4ab5d03f1284b67883e8d87530) from the CIFAR page "
      "of "
      "the University of Toronto, unpack it and name its directory with --data cifar10 --data-dir "
      "DIRECTORY";
  Dataset data;
  data.name = "cifar10";
  std::vector<std::string> names;
  for (int i = 1; i <= files; ++i) names.push_back("data_batch_" + std::to_string(i) + ".bin");
  data.train = read_cifar(inner, names, {1, 10}, advice);
  data.test = read_cifar(inner, {"test_batch.bin"}, {1, 10}, advice);
  data.mean = {.49139968, .48215827, .44653124};
  data.deviation = {.24703233, .24348505, .26158768};
  data.flip = true;
  return data;
}

/// CIFAR-100 (Krizhevsky 2009): as CIFAR-10, with 100 fine classes.
inline Dataset cifar100(const std::filesystem::path& directory) {
  const auto inner = detail::inner_directory(directory, "cifar-100-binary");
  const std::string advice =
      "download cifar-100-binary.tar.gz (MD5 03b5dce01913d631647c71ecec9e9cb8) from the CIFAR page "
      "of the University of Toronto, unpack it and name its directory with --data cifar100 "
      "--data-dir DIRECTORY";
  Dataset data;
  data.name = "cifar100";
  data.train = read_cifar(inner, {"train.bin"}, {2, 100}, advice);
  data.test = read_cifar(inner, {"test.bin"}, {2, 100}, advice);
  data.mean = {.5071, .4865, .4409};
  data.deviation = {.2673, .2564, .2762};
  data.flip = true;
  return data;
}

/// Any directory with four IDX files of the standard names. Normalised by the mean and deviation of
/// its training images; never mirrored; the classes are those of the training labels.
inline Dataset idx_dataset(const std::filesystem::path& directory) {
  Dataset data =
      detail::read_idx_directory(directory, directory.string(), 0, detail::kStandardNames);
  detail::measure_statistics(data.train, data.mean, data.deviation);
  if (data.deviation.front() == 0)
    throw DataError(directory.string() +
                    ": all training pixels are equal, so there is nothing to learn; give images");
  return data;
}

}  // namespace nascent
