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

/// The network of an architecture's text. Throws std::invalid_argument for what is no architecture
/// of the space.
template <class Space>
NetworkDescription describe_text(Space space, std::string_view text, const Problem& problem) {
  space.fit_to(problem);
  return space.describe(space.parse(text));
}

/// The same in the space "chain" or "nasbench201".
inline NetworkDescription describe_known(std::string_view space, std::string_view text,
                                         const Problem& problem) {
  if (space == "chain") return describe_text(AnyChain{}, text, problem);
  if (space == "nasbench201") return describe_text(NasBench201Space{}, text, problem);
  throw std::invalid_argument("there is no space '" + std::string(space) +
                              "': say chain or nasbench201");
}

}  // namespace nascent
