// Networks from the texts of architectures, for the spaces whose texts say what they are.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "nascent/space/nas_bench_201_space.hpp"
#include "nascent/space/sep_conv_space.hpp"

namespace nascent {

/// Every chain of separable and plain convolutions: bounds belong to a search.
struct AnyChain : ChainSpace<Depth<3, Architecture::kMost>, Width<1, Architecture::kMost, 1>,
                             Operations<SeparableConv, Conv>, Kernels<3, 5, 7>> {};

/// The network of `text` in the space "chain" or "nasbench201". Throws std::invalid_argument for
/// what is no architecture of it.
inline NetworkDescription describe_known(std::string_view space, std::string_view text,
                                         const Problem& problem) {
  const auto described = [&](auto known) {
    known.fit_to(problem);
    return known.describe(known.parse(text));
  };
  if (space == "chain") return described(AnyChain{});
  if (space == "nasbench201") return described(NasBench201Space{});
  throw std::invalid_argument("there is no space '" + std::string(space) +
                              "': say chain or nasbench201");
}

}  // namespace nascent
