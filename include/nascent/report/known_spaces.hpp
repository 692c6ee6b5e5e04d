// Networks from the texts of architectures, for the spaces whose texts say what they are.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "nascent/space/nas_bench_201_space.hpp"
#include "nascent/space/residual_face_space.hpp"
#include "nascent/space/sep_conv_space.hpp"
#include "nascent/space/trans_nas_macro_space.hpp"

namespace nascent {

/// Every chain of separable and plain convolutions: bounds belong to a search.
struct AnyChain : ChainSpace<Depth<3, Architecture::kMost>, Width<1, Architecture::kMost, 1>,
                             Operations<SeparableConv, Conv>, Kernels<3, 5, 7>> {};

/// Every residual network for faces.
constexpr ResidualFaceSpace any_faces() {
  ResidualFaceSpace space;
  space.blocks.max = space.width.max = 1000;
  return space;
}

/// The names of the spaces that `with_known_space` knows.
inline constexpr const char* kKnownSpaces[] = {"chain", "nasbench201", "residual-face",
                                               "transnas-macro"};

/// Calls `use` with the space of this name; its `problem` is its own usual one. Throws
/// std::invalid_argument for any other name.
template <class Use>
decltype(auto) with_known_space(std::string_view name, Use&& use) {
  if (name == "chain") return use(AnyChain{});
  if (name == "nasbench201") return use(NasBench201Space{});
  if (name == "residual-face") return use(any_faces());
  if (name == "transnas-macro") return use(TransNasMacroSpace{});
  std::string known;
  for (const char* one : kKnownSpaces) known += (known.empty() ? "" : ", ") + std::string(one);
  throw std::invalid_argument("there is no space '" + std::string(name) + "': say one of " + known);
}

/// The images and classes that a space's networks are usually for.
inline Problem usual_problem(std::string_view space) {
  return with_known_space(space, [](const auto& known) { return known.problem; });
}

/// The network of an architecture's text. Throws std::invalid_argument for what is no architecture
/// of the space.
template <class Space>
NetworkDescription describe_text(Space space, std::string_view text, const Problem& problem) {
  space.fit_to(problem);
  return space.describe(space.parse(text));
}

/// The same in the space of a known name.
inline NetworkDescription describe_known(std::string_view space, std::string_view text,
                                         const Problem& problem) {
  return with_known_space(
      space, [&](auto known) { return describe_text(std::move(known), text, problem); });
}

}  // namespace nascent
