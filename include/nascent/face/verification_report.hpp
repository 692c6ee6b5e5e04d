// What a page says about faces that a network verified.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "nascent/data/image_set.hpp"
#include "nascent/data/png.hpp"
#include "nascent/face/equal_error.hpp"
#include "nascent/face/scored_images.hpp"
#include "nascent/face/tar_at_far.hpp"

namespace nascent {

/// The curve of TAR over FAR with as many points as a drawing shows: corners that differ by 0.2
/// points of TAR or 5 % of FAR, and both ends. From the highest threshold to the lowest.
inline std::vector<OperatingPoint> drawn_roc(const Comparisons& comparisons) {
  const std::vector<OperatingPoint> points = roc(comparisons);
  std::vector<OperatingPoint> drawn{points.back()};
  for (std::size_t i = points.size(); i-- > 1;) {
    const OperatingPoint &last = drawn.back(), &here = points[i - 1];
    const bool further =
        static_cast<double>(here.false_accepts) > 1.05 * static_cast<double>(last.false_accepts);
    if (i == 1 || further || here.tar() - last.tar() >= 0.002) drawn.push_back(here);
  }
  return drawn;
}

/// `verification.json` of a run directory, from which the page of the run makes its part
/// "Verification": error rates, the curve, and the four groups of `telling_pairs` with their
/// images. `names` are those of the images; `what` says who was compared. DataError without
/// comparisons of both kinds.
inline nlohmann::ordered_json verification_report(const std::string& what,
                                                  std::span<const ScoredImages> all,
                                                  const ImageSet& images,
                                                  std::span<const std::string> names) {
  using Json = nlohmann::ordered_json;
  constexpr std::size_t kShown = 5;
  const Comparisons comparisons = comparisons_of(all);
  Json rates = Json::array(), curve = Json::array(), groups = Json::array();
  for (const double far : {0.1, 0.01, 0.001}) {
    const OperatingPoint point = tar_at_far(comparisons, far, FarRule::at_most);
    rates.push_back({{"at_far", far}, {"tar", point.tar()}});
  }
  for (const OperatingPoint& point : drawn_roc(comparisons))
    curve.push_back({point.far(), point.tar()});
  const auto shown = [&](int image) {
    const auto pixels = images[image];
    return Json{{"name", names[static_cast<std::size_t>(image)]},
                {"picture", png_uri({images.image, {pixels.begin(), pixels.end()}})}};
  };
  for (const TellingPairs& group : telling_pairs(all, kShown)) {
    Json pairs = Json::array();
    for (const ScoredImages& pair : group.pairs)
      pairs.push_back({{"score", pair.score},
                       {"images", {shown(pair.images.first), shown(pair.images.second)}}});
    groups.push_back({{"name", group.name}, {"pairs", std::move(pairs)}});
  }
  const OperatingPoint equal = eer(comparisons);
  return {{"what", what},
          {"same", equal.positives},
          {"different", equal.negatives},
          {"eer", equal.hter()},
          {"auc", auc(comparisons)},
          {"tar_at_far", std::move(rates)},
          {"roc", std::move(curve)},
          {"groups", std::move(groups)}};
}

}  // namespace nascent
