// The networks of a run as they are drawn, each once, in a form that thousands of them fit into a
// page.
#pragma once

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "nascent/report/network_blocks.hpp"

namespace nascent {

/// Networks by the texts of their architectures.
class NetworkTable {
 public:
  /// Whether the architecture has a network here.
  bool contains(const std::string& architecture) const { return networks_.contains(architecture); }

  /// Puts it in, or replaces what is there.
  void add(const std::string& architecture, DrawnNetwork network) {
    networks_.insert_or_assign(architecture, std::move(network));
  }

  /// Null for what is not in it.
  const DrawnNetwork* find(const std::string& architecture) const {
    const auto found = networks_.find(architecture);
    return found == networks_.end() ? nullptr : &found->second;
  }

  /// Leaves it empty.
  void clear() { networks_.clear(); }

 private:
  std::unordered_map<std::string, DrawnNetwork> networks_;
};

/// Writes networks compactly: what blocks compute stands once in `kinds`, and a network is its
/// parameters, multiply-adds and runs of blocks of one size, each
/// `[number of the first block, channels, height, width, [kind, kind, ...]]`.
class NetworkPacker {
 public:
  using Json = nlohmann::ordered_json;  ///< keeps the order of its fields

  /// `[parameters, multiply-adds, runs]`.
  Json pack(const DrawnNetwork& network) {
    Json runs = Json::array();
    const DrawnBlock* before = nullptr;
    for (const DrawnBlock& block : network.blocks) {
      const bool goes_on = before && before->block >= 0 && block.block == before->block + 1 &&
                           block.same_size(*before);
      if (!goes_on)
        runs.push_back({block.block, block.channels, block.height, block.width, Json::array()});
      runs.back()[4].push_back(kind_of(block));
      before = &block;
    }
    return {network.parameters, network.macs, std::move(runs)};
  }

  /// Lists of operations, each `[kind, kernel, name]`.
  Json kinds() const {
    Json kinds = Json::array();
    for (const auto& operations : kinds_) {
      Json list = Json::array();
      for (const DrawnOperation& operation : operations)
        list.push_back({static_cast<int>(operation.kind), operation.kernel, operation.name});
      kinds.push_back(std::move(list));
    }
    return kinds;
  }

  /// Their fills, in the same places.
  Json colours() const {
    Json colours = Json::array();
    for (const auto& operations : kinds_) {
      Json list = Json::array();
      for (const DrawnOperation& operation : operations) list.push_back(colour_of(operation));
      colours.push_back(std::move(list));
    }
    return colours;
  }

 private:
  std::size_t kind_of(const DrawnBlock& block) {
    std::string key;
    for (const DrawnOperation& operation : block.operations)
      key += std::to_string(static_cast<int>(operation.kind)) + operation.name + "\n";
    const auto [at, is_new] = numbers_.emplace(std::move(key), kinds_.size());
    if (is_new) kinds_.push_back(block.operations);
    return at->second;
  }

  std::vector<std::vector<DrawnOperation>> kinds_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

namespace detail {

inline std::vector<DrawnOperation> operations_of_json(const nlohmann::ordered_json& list) {
  std::vector<DrawnOperation> operations;
  for (const auto& operation : list) {
    const int kind = std::clamp(operation.at(0).get<int>(), 0, 3);
    operations.push_back({static_cast<DrawnOperation::Kind>(kind), operation.at(1).get<int>(),
                          operation.at(2).get<std::string>()});
  }
  return operations;
}

}  // namespace detail

/// What `NetworkPacker::pack` wrote; throws nlohmann::json::exception for anything else.
inline DrawnNetwork unpack_network(const nlohmann::ordered_json& packed,
                                   const nlohmann::ordered_json& kinds) {
  DrawnNetwork network;
  network.parameters = packed.at(0).get<std::int64_t>();
  network.macs = packed.at(1).get<std::int64_t>();
  for (const auto& run : packed.at(2)) {
    int number = run.at(0).get<int>();
    for (const auto& kind : run.at(4)) {
      DrawnBlock block;
      block.block = number++;
      block.channels = run.at(1).get<int>();
      block.height = run.at(2).get<int>();
      block.width = run.at(3).get<int>();
      block.operations = detail::operations_of_json(kinds.at(kind.get<std::size_t>()));
      network.blocks.push_back(std::move(block));
    }
  }
  return network;
}

}  // namespace nascent
