#pragma once

#include "nascent/operation/conv.hpp"
#include "nascent/operation/separable_conv.hpp"
#include "nascent/space/chain_space.hpp"

namespace nascent {

/// The paper's space (section 3.1) with the bounds of its tiny setting: depth 10..100, width 16..64
/// by 2. The bounds of a run are members: `space.width.max = 128`.
struct SepConvSpace
    : ChainSpace<Depth<10, 100>, Width<16, 64, 2>, Operations<SeparableConv, Conv>, Kernels<3, 5>> {
};

/// Paper, tiny setting: widths up to 64.
constexpr SepConvSpace tiny() { return {}; }

/// Paper, mobile setting: widths up to 128.
constexpr SepConvSpace mobile() {
  SepConvSpace space;
  space.width.max = 128;
  return space;
}

/// TRG-NAS's space (CAIP 2023): kernels up to 7; depth 10..20, width 16..72 by 4 in its published
/// CIFAR-10 run.
struct TrgSpace : ChainSpace<Depth<10, 20>, Width<16, 72, 4>, Operations<SeparableConv, Conv>,
                             Kernels<3, 5, 7>> {};

}  // namespace nascent
