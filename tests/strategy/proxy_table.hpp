// The 491 trained cells of NAS-Bench-201 of which parameters and FLOPs are recorded too.
#pragma once

#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include "../support/support.hpp"
#include "nascent/space/nas_bench_201_space.hpp"

namespace nascent {

using ProxyRows = std::shared_ptr<const std::map<std::string, Metrics>>;

/// The cells that have a row.
struct ProxyCells : NasBench201Space {
  ProxyRows rows;

  explicit ProxyCells(ProxyRows of) : rows(std::move(of)) {}
  bool contains(const Architecture& cell) const { return rows->contains(to_string(cell)); }
  Architecture sample(Random& random) const {
    while (true) {
      Architecture drawn = NasBench201Space::sample(random);
      if (contains(drawn)) return drawn;
    }
  }
  void require(const Architecture& cell) const {
    if (!contains(cell)) throw std::invalid_argument(to_string(cell) + " is not in the file");
  }
};

/// Evaluator: all columns of the row as metrics.
struct ProxyTable {
  ProxyRows rows = read();

  Outcome outcome(const std::string& code) const {
    const Metrics& row = rows->at(code);
    Outcome known(Accuracy::of_percent(*metric(row, "val_accuracy")));
    known.metrics = row;
    return known;
  }
  Outcome evaluate(const Trial<NasBench201Cell>& trial) const {
    return outcome(to_string(trial.architecture()));
  }

  static ProxyRows read() {
    const std::string path =
        std::string(NASCENT_TEST_DATA) + "/tables/nasbench201-proxies-cifar10.csv";
    std::ifstream in(path);
    std::string line, cell;
    std::getline(in, line);  // where it comes from
    std::vector<std::string> names;
    std::getline(in, line);
    for (std::istringstream header(line); std::getline(header, cell, ',');) names.push_back(cell);
    auto rows = std::make_shared<std::map<std::string, Metrics>>();
    while (std::getline(in, line)) {
      std::istringstream row(line);
      std::string code;
      std::getline(row, code, ',');
      for (std::size_t i = 1; std::getline(row, cell, ','); ++i)
        (*rows)[code].emplace_back(names.at(i), std::stod(cell));
    }
    if (rows->size() != 491) throw std::runtime_error(path + " is not the whole table");
    return rows;
  }
};

}  // namespace nascent
