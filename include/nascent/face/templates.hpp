// Several images as one: a face and its mirror image, and the images of one template.
#pragma once

#include <cmath>
#include <cstddef>
#include <map>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "nascent/face/embeddings.hpp"

namespace nascent {

/// An image seen twice: its unit vector, and how long it was before.
struct FusedFace {
  std::vector<float> vector;  ///< of unit length
  float norm = 0;             ///< length of the sum
};

/// Fuses an image and its mirror image: the unit vector along the sum of vector times norm, and the
/// length of that sum. Both vectors have one length (AdaFace's evaluation).
inline FusedFace fuse(std::span<const float> vector, float norm, std::span<const float> mirrored,
                      float mirrored_norm) {
  std::vector<double> sum(vector.size());
  double square = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] = static_cast<double>(vector[i]) * static_cast<double>(norm) +
             static_cast<double>(mirrored[i]) * static_cast<double>(mirrored_norm);
    square += sum[i] * sum[i];
  }
  const double length = std::sqrt(square);
  FusedFace fused{{}, static_cast<float>(length)};
  for (const double value : sum) fused.vector.push_back(static_cast<float>(value / length));
  return fused;
}

/// An image of a template: where it comes from, and its vector, not of unit length: its length is
/// its weight (`FusedFace::vector` times `norm`).
struct TemplateImage {
  long template_id = 0;           ///< which template it belongs to
  long medium = 0;                ///< the photograph or video it is from
  std::span<const float> vector;  ///< all of one length
};

/// The vector of each template, of unit length, by its number: the average within each medium, the
/// sum over the media (protocol of IJB-B and IJB-C; Whitelam et al. 2017). Two templates are
/// compared by their product. std::invalid_argument where vectors differ in length.
inline std::map<long, std::vector<double>> template_vectors(std::span<const TemplateImage> images) {
  std::map<std::pair<long, long>, std::vector<const TemplateImage*>> media;
  for (const TemplateImage& image : images)
    media[{image.template_id, image.medium}].push_back(&image);
  std::map<long, std::vector<double>> templates;
  for (const auto& [key, of_medium] : media) {
    auto& sum = templates.try_emplace(key.first, images.front().vector.size()).first->second;
    for (const TemplateImage* image : of_medium) {
      if (image->vector.size() != sum.size())
        throw std::invalid_argument("the images of templates have vectors of different lengths");
      for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += static_cast<double>(image->vector[i]) / static_cast<double>(of_medium.size());
    }
  }
  for (auto& [id, sum] : templates) {
    const double length = std::sqrt(dot(std::span(sum), std::span(sum)));
    for (double& value : sum) value /= length;
  }
  return templates;
}

}  // namespace nascent
