#pragma once

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/space/neighbourhood.hpp"
#include "nascent/space/space_policy.hpp"
#include "nascent/space/table.hpp"

namespace nascent {

/// The architectures of `Base` that a table has a row for: what is drawn beside it is drawn again,
/// and costs nothing. Copies share the table.
template <SpacePolicy Base>
struct TableSpace : Base {
  using typename Base::Architecture;

  /// Throws std::invalid_argument when the table has no row for any architecture of `base`.
  TableSpace(Base base, std::shared_ptr<const Table> table)
      : Base(std::move(base)), table_(std::move(table)) {
    const auto& codes = table_->codes();
    if (std::none_of(codes.begin(), codes.end(),
                     [this](const std::string& code) { return is_of_base(code); }))
      throw std::invalid_argument(
          "no code of the table is an architecture of this space; choose the space that the table "
          "was made for");
  }

  /// That the space was made of.
  const Table& table() const { return *table_; }

  /// How many architectures there are.
  int size() const {
    const auto& codes = table_->codes();
    return static_cast<int>(std::count_if(
        codes.begin(), codes.end(), [this](const std::string& code) { return is_of_base(code); }));
  }

  /// The base's measure, on what is in the table.
  Architecture sample(Random& random) const {
    while (true) {
      Architecture drawn = Base::sample(random);
      if (contains(drawn)) return drawn;
    }
  }

  /// The base's mutation, on what is in the table. What seems to have no mutation there is drawn
  /// afresh.
  Architecture mutate(const Architecture& architecture,
                      Random& random) const requires detail::mutates<Base, Architecture> {
    for (int i = 0; i < kDraws; ++i) {
      Architecture mutated = Base::mutate(architecture, random);
      if (contains(mutated)) return mutated;
    }
    return sample(random);
  }

  std::vector<Architecture> neighbours(const Architecture& architecture)
      const requires detail::gives_neighbours<Base, Architecture> {
    auto found = Base::neighbours(architecture);
    std::erase_if(found, [this](const Architecture& other) { return !contains(other); });
    return found;
  }

  /// What the base does not contain may have a row all the same.
  bool contains(const Architecture& architecture) const {
    if constexpr (requires(const Base& base) { base.contains(architecture); })
      if (!Base::contains(architecture)) return false;
    return table_->find(to_string(architecture)) >= 0;
  }

  /// Throws std::invalid_argument for an architecture that has no row.
  void require(const Architecture& architecture) const {
    if constexpr (detail::requires_membership<Base, Architecture>) Base::require(architecture);
    if (!contains(architecture))
      throw std::invalid_argument("architecture '" + to_string(architecture) +
                                  "' is not in the table");
  }

  /// Reads the text of an architecture that has a row; std::invalid_argument for any other text.
  Architecture parse(std::string_view text) const requires detail::parses_text<Base> {
    Architecture parsed = Base::parse(text);
    require(parsed);
    return parsed;
  }

 private:
  static constexpr int kDraws = 1000;  // finds one good neighbour among a hundred, but for 1 in 2e4

  bool is_of_base(const std::string& code) const {
    if constexpr (detail::parses_text<Base>) {
      try {
        return to_string(Base::parse(code)) == code;
      } catch (const std::invalid_argument&) {
        return false;
      }
    }
    return true;  // the base does not tell
  }

  std::shared_ptr<const Table> table_;
};

}  // namespace nascent
