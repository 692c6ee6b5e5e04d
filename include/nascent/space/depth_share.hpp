#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

namespace nascent {

/// How the depth of a residual network is dealt among its four stages, block by block.
///
/// Every stage has one block; the next block goes to the stage that has the fewest for its share,
/// (blocks + 1) / share, and among equal ones to the first. Equal shares give 1-1-1-1, 2-1-1-1,
/// 2-2-1-1, ..., so never more than one block of difference. The paper (arXiv 2502.03553, 4.2) does
/// not say how it deals; the printed 14.6 M and 37.1 M follow from no equal shares.
struct DepthShare {
  std::array<int, 4> share{1, 1, 1, 1};  ///< of each stage, in proportion to each other

  /// The stage, from 0, that the next block goes to.
  std::size_t next(const std::array<int, 4>& blocks) const {
    std::size_t best = 0;
    for (std::size_t stage = 1; stage < blocks.size(); ++stage)
      if (std::int64_t{blocks[stage] + 1} * share[best] <
          std::int64_t{blocks[best] + 1} * share[stage])
        best = stage;
    return best;
  }

  /// The blocks of each stage when there are `count` in all, at least 4.
  std::array<int, 4> deal(int count) const {
    std::array<int, 4> blocks{1, 1, 1, 1};
    for (int dealt = 4; dealt < count; ++dealt) ++blocks[next(blocks)];
    return blocks;
  }

  /// std::invalid_argument where a stage has no share.
  void check() const {
    if (std::ranges::any_of(share, [](int part) { return part < 1 || part > 1000; }))
      throw std::invalid_argument(
          "each of the four stages needs a share of the depth from 1 to 1000; correct `shares`");
  }
};

}  // namespace nascent
