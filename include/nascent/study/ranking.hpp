// The paper's ranking study (section 3.2): how early, and by what, can networks be ranked?
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "nascent/space/random.hpp"
#include "nascent/study/agreement.hpp"

namespace nascent {

/// A network of a sample with the course of its full training.
struct RankedNetwork {
  std::string architecture;        ///< as text
  std::int64_t parameters = 0;     ///< trainable
  std::int64_t flops = 0;          ///< for one image
  std::vector<double> accuracy{};  ///< best so far after each epoch, %; a candidate's accuracy is
                                   ///< that of its best epoch

  /// After the last epoch.
  double final_accuracy() const { return accuracy.back(); }
};

/// One quantity of all networks.
template <class Quantity>
std::vector<double> each_of(const std::vector<RankedNetwork>& networks, Quantity quantity) {
  std::vector<double> values;
  for (const RankedNetwork& network : networks)
    values.push_back(static_cast<double>(quantity(network)));
  return values;
}

/// Static ranking: all networks by their accuracy after `epoch` epochs, against the final one.
inline Agreement static_ranking(const std::vector<RankedNetwork>& networks, int epoch,
                                const BootstrapOptions& options = {}) {
  const auto at = static_cast<std::size_t>(epoch - 1);
  return agreement_of(each_of(networks, [&](const auto& n) { return n.accuracy.at(at); }),
                      each_of(networks, [](const auto& n) { return n.final_accuracy(); }), options);
}

/// Dynamic ranking of one draw: the k-th smallest of the drawn networks is trained for k epochs.
struct DynamicRanking {
  double spearman_parameters = 0;  ///< of those accuracies with the parameters
  double spearman_final = 0;       ///< of those accuracies with the final ones
  double kendall_parameters = 0;   ///< as Kendall's tau-b
  double kendall_final = 0;        ///< as Kendall's tau-b
};

/// `drawn` are indices of networks, at most as many as they have epochs.
inline DynamicRanking dynamic_ranking(const std::vector<RankedNetwork>& networks,
                                      std::vector<std::size_t> drawn) {
  std::stable_sort(drawn.begin(), drawn.end(), [&](std::size_t a, std::size_t b) {
    return networks[a].parameters < networks[b].parameters;
  });
  std::vector<double> accuracy, parameters, final_accuracy;
  for (std::size_t k = 0; k < drawn.size(); ++k) {
    const RankedNetwork& network = networks[drawn[k]];
    accuracy.push_back(network.accuracy.at(k));
    parameters.push_back(static_cast<double>(network.parameters));
    final_accuracy.push_back(network.final_accuracy());
  }
  return {spearman(accuracy, parameters), spearman(accuracy, final_accuracy),
          kendall(accuracy, parameters), kendall(accuracy, final_accuracy)};
}

/// Draws as many networks as there are epochs (50 of 240 in the paper), `draws` times, so that the
/// result does not hang on one draw. Throws std::invalid_argument for fewer networks than epochs.
inline std::vector<DynamicRanking> dynamic_rankings(const std::vector<RankedNetwork>& networks,
                                                    int draws, std::uint64_t seed) {
  const std::size_t size = networks.empty() ? 0 : networks.front().accuracy.size();
  if (size < 2 || networks.size() < size)
    throw std::invalid_argument(
        "a dynamic ranking draws as many networks as there are epochs, at least 2: " +
        std::to_string(networks.size()) + " networks and " + std::to_string(size) + " epochs");
  Random random(seed, "dynamic ranking");
  std::vector<std::size_t> all(networks.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<DynamicRanking> rankings;
  for (int draw = 0; draw < draws; ++draw) {
    for (std::size_t i = 0; i < size; ++i)
      std::swap(
          all[i],
          all[i + static_cast<std::size_t>(random.below(static_cast<int>(networks.size() - i)))]);
    rankings.push_back(
        dynamic_ranking(networks, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size)}));
  }
  return rankings;
}

}  // namespace nascent
