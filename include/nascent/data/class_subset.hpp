// A data set of some of another one's classes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

#include "nascent/data/dataset.hpp"

namespace nascent {
namespace detail {

inline ImageSet class_subset(const ImageSet& images, const std::vector<int>& classes) {
  ImageSet chosen{images.image, static_cast<int>(classes.size()), {}, {}};
  for (int i = 0; i < images.size(); ++i) {
    const auto at = std::ranges::find(classes, images.label(i));
    if (at != classes.end()) chosen.append(images[i], static_cast<int>(at - classes.begin()));
  }
  return chosen;
}

}  // namespace detail

/// The images of `classes`, which become classes 0, 1, ... in the order in which they are named;
/// normalised as the whole set. Throws std::invalid_argument for fewer than two, one named twice
/// and one that there is not.
inline Dataset class_subset(const Dataset& data, const std::vector<int>& classes) {
  if (classes.size() < 2) throw std::invalid_argument("class_subset: name at least two classes");
  for (std::size_t i = 0; i < classes.size(); ++i) {
    if (classes[i] < 0 || classes[i] >= data.classes())
      throw std::invalid_argument("class_subset: there is no class " + std::to_string(classes[i]) +
                                  "; " + data.name + " has 0 to " +
                                  std::to_string(data.classes() - 1));
    if (std::find(classes.begin(), classes.begin() + static_cast<std::ptrdiff_t>(i), classes[i]) !=
        classes.begin() + static_cast<std::ptrdiff_t>(i))
      throw std::invalid_argument("class_subset: class " + std::to_string(classes[i]) +
                                  " is named twice");
  }
  Dataset part = data;
  part.train = detail::class_subset(data.train, classes);
  part.test = detail::class_subset(data.test, classes);
  part.class_names.clear();
  part.name += " classes";
  for (const int c : classes) {
    part.name += " " + std::to_string(c);
    if (!data.class_names.empty())
      part.class_names.push_back(data.class_names[static_cast<std::size_t>(c)]);
  }
  return part;
}

}  // namespace nascent
