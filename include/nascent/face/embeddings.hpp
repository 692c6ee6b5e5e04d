// What a network makes of faces: one vector each.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace nascent {

/// Vectors of one length, row by row.
class Embeddings {
 public:
  Embeddings() = default;

  /// Rows of `dimension` numbers; std::invalid_argument where they do not divide so.
  Embeddings(int dimension, std::vector<float> values)
      : dimension_(dimension), values_(std::move(values)) {
    if (dimension < 1 || values_.size() % static_cast<std::size_t>(dimension) != 0)
      throw std::invalid_argument(std::to_string(values_.size()) +
                                  " numbers are no rows of length " + std::to_string(dimension));
  }

  /// How many rows there are.
  int size() const {
    return dimension_ == 0
               ? 0
               : static_cast<int>(values_.size() / static_cast<std::size_t>(dimension_));
  }
  /// Numbers of a row.
  int dimension() const { return dimension_; }
  /// All numbers, row by row.
  const std::vector<float>& values() const { return values_; }

  /// One row.
  std::span<const float> operator[](int row) const {
    const auto length = static_cast<std::size_t>(dimension_);
    return std::span(values_).subspan(static_cast<std::size_t>(row) * length, length);
  }

 private:
  int dimension_ = 0;
  std::vector<float> values_;
};

/// Sum of products, in double precision; both have one length.
template <class A, class B>
double dot(std::span<A> a, std::span<B> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

/// Cosine of the angle between two vectors; NaN where one is 0.
inline double cosine(std::span<const float> a, std::span<const float> b) {
  return dot(a, b) / std::sqrt(dot(a, a) * dot(b, b));
}

/// Squared Euclidean distance of the unit vectors along two vectors, 0 .. 4; NaN where one is 0.
inline double unit_distance(std::span<const float> a, std::span<const float> b) {
  const double length_a = std::sqrt(dot(a, a)), length_b = std::sqrt(dot(b, b));
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference =
        static_cast<double>(a[i]) / length_a - static_cast<double>(b[i]) / length_b;
    sum += difference * difference;
  }
  return sum;
}

}  // namespace nascent
