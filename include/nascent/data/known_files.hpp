// Checksums of the images of published data sets.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "nascent/data/image_set.hpp"

namespace nascent {

/// `ImageSet::checksum` of what a data set's published files hold.
struct KnownImages {
  std::string_view dataset;           ///< its name
  std::uint64_t train = 0, test = 0;  ///< checksums
};

/// FashionMNIST: Debian's package dataset-fashion-mnist. KMNIST: the files of CODH.
inline constexpr std::array<KnownImages, 2> kKnownImages{{
    {"fashion-mnist", 0x4b87c5a1532c77fa, 0x8824c2d53754e096},
    {"kmnist", 0x91faa4d00489e66e, 0x97546a44ec71e440},
}};

/// What a comparison with the published images gave.
enum class Content {
  verified,   ///< exactly the published images
  different,  ///< others, such as a part of them
  unknown,    ///< the checksums of this data set are not known here
};

/// Whether images are the published ones, and the same in words for a report.
struct ContentCheck {
  Content content = Content::unknown;  ///< what the comparison gave
  std::string words;                   ///< a sentence for a report
};

/// Compares the images of the data set `name` with kKnownImages.
inline ContentCheck check_content(std::string_view name, const ImageSet& train,
                                  const ImageSet& test) {
  const auto digits = [](std::uint64_t number) {
    std::string text;
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[number >> shift & 15];
    return text;
  };
  const std::uint64_t of_train = train.checksum(), of_test = test.checksum();
  const std::string found = "training " + digits(of_train) + ", test " + digits(of_test);
  for (const KnownImages& known : kKnownImages) {
    if (known.dataset != name) continue;
    const bool same_train = known.train == of_train, same_test = known.test == of_test;
    if (same_train && same_test) return {Content::verified, "checksums verified (" + found + ")"};
    const char* which = same_test ? "training" : same_train ? "test" : "training and test";
    return {Content::different, "not the published " + std::string(which) +
                                    " images by their checksums (" + found + ")"};
  }
  return {Content::unknown, "no published checksum to compare with (" + found + ")"};
}

}  // namespace nascent
