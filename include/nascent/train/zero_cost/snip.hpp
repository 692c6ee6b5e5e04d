#pragma once

#include "nascent/train/zero_cost/fresh_network.hpp"

namespace nascent::zero_cost {

/// Sum over all weights of |weight x gradient of the loss|, batch norm by the batch (Lee et al.
/// 2019, as a score of networks in Abdelfattah et al. 2021, section 3.2.2).
inline double snip(const FreshNetwork& fresh) {
  Network network = fresh.make();
  differentiate_loss(network, fresh.batch);
  return saliency(fresh.description, network);
}

}  // namespace nascent::zero_cost
