// A space with further variables of your own.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "nascent/space/encoding.hpp"
#include "nascent/space/morphs.hpp"
#include "nascent/space/neighbourhood.hpp"
#include "nascent/space/random.hpp"
#include "nascent/space/space_policy.hpp"
#include "nascent/space/variable/recipe_variable.hpp"
#include "nascent/space/variable/variable_policy.hpp"

namespace nascent {

/// An architecture of `Base` and, for each of `Variables`, the index of its value.
template <class Base, class... Variables>
struct JointArchitecture {
  typename Base::Architecture base;  ///< of the space that was joined to
  /// Index of each variable's value.
  std::array<int, sizeof...(Variables)> choices{};

  /// With the first value of each variable.
  explicit JointArchitecture(typename Base::Architecture architecture)
      : base(std::move(architecture)) {}

  /// Index of the value chosen for `Variable`.
  template <class Variable>
  int choice() const {
    static_assert(
        (std::is_same_v<Variable, Variables> || ...),
        "nascent: this JointSpace has no such variable; ask for one of those that stand after "
        "its space - docs/concepts.md#variable");
    constexpr std::array<bool, sizeof...(Variables)> is_it{std::is_same_v<Variable, Variables>...};
    return choices[static_cast<std::size_t>(std::ranges::find(is_it, true) - is_it.begin())];
  }

  friend bool operator==(const JointArchitecture&, const JointArchitecture&) = default;

  /// The base's text, then for each variable ` name=index`, or ` name=value` where it is one of the
  /// recipe's.
  friend std::string to_string(const JointArchitecture& architecture) {
    using nascent::to_string;  // the base's may be ours or, by its type, the user's
    std::string text = to_string(architecture.base);
    std::size_t i = 0;
    ((text += " " + std::string(Variables::name) + "=" +
              detail::choice_text<Variables>(architecture.choices[i++])),
     ...);
    return text;
  }
};

/// Base x Variables. Moves of the base keep the further variables; `neighbours`, `mutate` and
/// `sample` vary all of them. With recipe variables among them (LearningRate, WeightDecay,
/// BatchSize) network and training protocol are searched together, and every candidate is trained
/// by its own.
template <class Base, class... Variables>
struct JointSpace {
  static_assert(detail::explain_space<Base>());
  static_assert(sizeof...(Variables) > 0,
                "nascent: JointSpace needs a variable after the space - docs/concepts.md#variable");
  static_assert((detail::explain_variable<Variables>() && ...));

  using Architecture = JointArchitecture<Base, Variables...>;

  /// Whether candidates are trained by recipes of their own.
  static constexpr bool kChangesRecipe = ChangesRecipe<Base> || (RecipeVariable<Variables> || ...);

  Base base{};                           ///< the space that was joined to
  std::tuple<Variables...> variables{};  ///< that were joined to it

  /// The value that an architecture has for `Variable`.
  template <class Variable>
  auto value(const Architecture& architecture) const {
    return std::get<Variable>(variables).value(architecture.template choice<Variable>());
  }

  Architecture sample(Random& random) const {
    Architecture drawn(base.sample(random));
    each_variable([&](std::size_t i, int count) { drawn.choices[i] = random.below(count); });
    return drawn;
  }

  /// Reads the text of an architecture of this space; std::invalid_argument for any other text.
  Architecture parse(std::string_view text) const requires detail::parses_text<Base> {
    std::array<std::string_view, sizeof...(Variables)> values;
    for (std::size_t i = sizeof...(Variables); i-- > 0;) {
      const std::size_t at = text.rfind(' ');
      if (at == std::string_view::npos) refuse_text(text);
      values[i] = text.substr(at + 1);
      text.remove_suffix(text.size() - at);
    }
    Architecture parsed(base.parse(text));
    std::size_t i = 0;
    each_variable_type([&](const auto& variable) {
      parsed.choices[i] = choice_of(variable, values[i]);
      ++i;
    });
    return parsed;
  }

  std::vector<Architecture> neighbours(const Architecture& architecture)
      const requires detail::gives_neighbours<Base, typename Base::Architecture> {
    std::vector<Architecture> found;
    for (auto& other : base.neighbours(architecture.base))
      found.push_back(with_base(architecture, std::move(other)));
    each_variable([&](std::size_t i, int count) {
      for (int value = 0; value < count; ++value) {
        if (value == architecture.choices[i]) continue;
        found.push_back(architecture);
        found.back().choices[i] = value;
      }
    });
    return found;
  }

  /// One change of the base, or another value of a further variable: the base and each variable
  /// that has another value are as likely.
  Architecture mutate(Architecture a, Random& random) const requires MutableSpace<Base> {
    int open = 1;
    each_variable([&](std::size_t, int count) { open += count > 1; });
    int chosen = random.below(open);
    if (chosen == 0) return with_base(a, mutated(base, a.base, random));
    each_variable([&](std::size_t i, int count) {
      if (count < 2 || --chosen != 0) return;
      const int other = random.below(count - 1);
      a.choices[i] = other < a.choices[i] ? other : other + 1;
    });
    return a;
  }

  // As lists of numbers: the base's, then an index for each variable.

  std::vector<int> choices() const requires EncodedSpace<Base> {
    std::vector<int> counts = base.choices();
    each_variable([&](std::size_t, int count) { counts.push_back(count); });
    return counts;
  }
  std::vector<int> encode(const Architecture& a) const requires EncodedSpace<Base> {
    std::vector<int> code = base.encode(a.base);
    code.insert(code.end(), a.choices.begin(), a.choices.end());
    return code;
  }
  /// Throws std::invalid_argument for a list of another length and for values that there are not.
  Architecture decode(const std::vector<int>& code) const requires EncodedSpace<Base> {
    detail::require_code(choices(), code);
    const auto own = code.end() - static_cast<std::ptrdiff_t>(sizeof...(Variables));
    Architecture decoded(base.decode({code.begin(), own}));
    std::copy(own, code.end(), decoded.choices.begin());
    return decoded;
  }

  // Growth, of the base; what is grown is trained by the recipe of its parent.

  /// The base's.
  std::vector<Architecture> morphs(const Architecture& a)
      const requires detail::lists_morphs<Base, typename Base::Architecture> {
    std::vector<Architecture> found;
    for (auto& grown : base.morphs(a.base)) found.push_back(with_base(a, std::move(grown)));
    return found;
  }
  /// The base's.
  Architecture morph(const Architecture& a, Random& random)
      const requires detail::draws_morph<Base, typename Base::Architecture> {
    return with_base(a, base.morph(a.base, random));
  }
  /// The base's, with the first value of each variable.
  Architecture seedling(
      Random& random) const requires detail::has_seedlings<Base, typename Base::Architecture> {
    return Architecture(base.seedling(random));
  }
  /// The base's.
  std::vector<int> origin(const Architecture& parent, const Architecture& child)
      const requires detail::tells_origin<Base, typename Base::Architecture> {
    return base.origin(parent.base, child.base);
  }

  // The training protocol.

  /// What a candidate is trained by; that of the base first, where it has one.
  RecipeChanges recipe_changes(const Architecture& a) const requires kChangesRecipe {
    RecipeChanges changes;
    if constexpr (ChangesRecipe<Base>) changes = base.recipe_changes(a.base);
    std::size_t i = 0;
    (
        [&] {
          if constexpr (RecipeVariable<Variables>) Variables::change(changes, a.choices[i]);
          ++i;
        }(),
        ...);
    return changes;
  }
  /// How many variables the recipe has, those of the base included.
  static constexpr int recipe_variables() requires kChangesRecipe {
    return base_recipe_variables() + static_cast<int>(kRecipeVariables.size());
  }
  /// Values of one of them, by its number: first the base's, then in the order of the list.
  int recipe_choices(int variable) const requires kChangesRecipe {
    if constexpr (RecipeSpace<Base>)
      if (variable < base_recipe_variables()) return base.recipe_choices(variable);
    int choices = 0;
    each_variable([&](std::size_t i, int count) {
      if (i == place_of(variable)) choices = count;
    });
    return choices;
  }
  /// The same network under another value of a recipe variable.
  Architecture with_recipe_choice(Architecture a, int variable,
                                  int choice) const requires kChangesRecipe {
    if constexpr (RecipeSpace<Base>)
      if (variable < base_recipe_variables())
        return with_base(a, base.with_recipe_choice(a.base, variable, choice));
    a.choices[place_of(variable)] = choice;
    return a;
  }

  /// The network of the base: variables that change it need a space of their own.
  auto describe(const Architecture& a)
      const requires detail::describes_networks<Base, typename Base::Architecture> {
    return base.describe(a.base);
  }
  /// Of the base's network.
  auto parameters(const Architecture& a)
      const requires detail::counts_parameters<Base, typename Base::Architecture> {
    return base.parameters(a.base);
  }
  /// Of the base's network, for one image.
  auto macs(
      const Architecture& a) const requires detail::counts_macs<Base, typename Base::Architecture> {
    return base.macs(a.base);
  }
  /// The base's.
  auto position(const Architecture& a)
      const requires detail::gives_position<Base, typename Base::Architecture> {
    return base.position(a.base);
  }
  /// In the set, as far as the base tells.
  bool contains(const Architecture& a) const {
    if constexpr (detail::tells_membership<Base, typename Base::Architecture>)
      if (!base.contains(a.base)) return false;
    return has_choices(a);
  }
  /// Throws std::invalid_argument for an architecture outside the base.
  void require(const Architecture& a)
      const requires detail::requires_membership<Base, typename Base::Architecture> {
    base.require(a.base);
    require_choices(a);
  }
  /// Whether the base admits it.
  bool admits(
      const Architecture& a) const requires detail::admits<Base, typename Base::Architecture> {
    return base.admits(a.base);
  }
  void check() const {
    if constexpr (detail::checks_itself<Base>) base.check();
    each_variable_type([](const auto& variable) {
      if (variable.count() < 1)
        throw std::invalid_argument("variable '" + std::string(variable.name) +
                                    "' has no values: its count() is " +
                                    std::to_string(variable.count()) + ", and must be at least 1");
    });
  }

  void fit_to(const Problem& problem) requires detail::fits_problem<Base> { base.fit_to(problem); }

  // The moves of Algorithm 1, on the base.

  /// The base's, with the first value of each variable.
  Architecture start() const requires MacroMicroSpace<Base> { return Architecture(base.start()); }
  bool can_deepen(const Architecture& a) const requires MacroMicroSpace<Base> {
    return base.can_deepen(a.base);
  }
  Architecture deeper(const Architecture& a) const requires MacroMicroSpace<Base> {
    return with_base(a, base.deeper(a.base));
  }
  bool can_narrow(const Architecture& a) const requires MacroMicroSpace<Base> {
    return base.can_narrow(a.base);
  }
  Architecture narrower(const Architecture& a) const requires MacroMicroSpace<Base> {
    return with_base(a, base.narrower(a.base));
  }
  int depth_of(const Architecture& a) const requires MacroMicroSpace<Base> {
    return base.depth_of(a.base);
  }
  int width_of(const Architecture& a) const requires MacroMicroSpace<Base> {
    return base.width_of(a.base);
  }
  Architecture with_width(const Architecture& a, int width) const requires MacroMicroSpace<Base> {
    return with_base(a, base.with_width(a.base, width));
  }
  int operation_choices() const requires MacroMicroSpace<Base> { return base.operation_choices(); }
  Architecture with_operation(const Architecture& a, int layer,
                              int choice) const requires MacroMicroSpace<Base> {
    return with_base(a, base.with_operation(a.base, layer, choice));
  }
  int kernel_choices() const requires MacroMicroSpace<Base> { return base.kernel_choices(); }
  Architecture with_kernel(const Architecture& a, int layer,
                           int choice) const requires MacroMicroSpace<Base> {
    return with_base(a, base.with_kernel(a.base, layer, choice));
  }

  template <class Field>
  void options(Field&& field) const {
    field("base", base);
    each_variable_type([&](const auto& variable) {
      using Variable = std::remove_cvref_t<decltype(variable)>;
      if constexpr (RecipeVariable<Variable>)
        field(Variable::name, detail::listed_values<Variable>());
      else
        field(Variable::name, variable.count());
    });
  }

 private:
  [[noreturn]] static void refuse_text(std::string_view text) {
    throw std::invalid_argument("'" + std::string(text) +
                                "' is no architecture of this space: the base's text is followed "
                                "by ' name=index' for each variable, or by ' name=value' for each "
                                "of the recipe's");
  }

  /// The index that a variable's part of a text stands for.
  template <class Variable>
  static int choice_of(const Variable& variable, std::string_view text) {
    const std::string name = std::string(Variable::name) + "=";
    for (int index = 0; index < variable.count(); ++index)
      if (text == name + detail::choice_text<Variable>(index)) return index;
    refuse_text(text);
  }

  /// Of the recipe's among the variables: their places in the list.
  static constexpr auto kRecipeVariables = [] {
    constexpr std::array<bool, sizeof...(Variables)> is_it{RecipeVariable<Variables>...};
    std::array<std::size_t, (std::size_t{0} + ... + RecipeVariable<Variables>)> places{};
    std::size_t found = 0;
    for (std::size_t i = 0; i < is_it.size(); ++i)
      if (is_it[i]) places[found++] = i;
    return places;
  }();

  static constexpr int base_recipe_variables() {
    if constexpr (RecipeSpace<Base>)
      return Base::recipe_variables();
    else
      return 0;
  }

  /// Where a recipe variable that is not the base's stands among all variables.
  static std::size_t place_of(int variable) {
    return kRecipeVariables[static_cast<std::size_t>(variable - base_recipe_variables())];
  }

  void require_choices(const Architecture& a) const {
    if (!has_choices(a))
      throw std::invalid_argument(
          "architecture '" + to_string(a) +
          "' lies outside the variables of this space: an index is from 0 to below "
          "the variable's count()");
  }

  bool has_choices(const Architecture& a) const {
    bool inside = true;
    each_variable(
        [&](std::size_t i, int count) { inside &= a.choices[i] >= 0 && a.choices[i] < count; });
    return inside;
  }

  static Architecture with_base(Architecture a, typename Base::Architecture replacement) {
    a.base = std::move(replacement);
    return a;
  }

  template <class Visit>
  void each_variable_type(Visit visit) const {
    std::apply([&](const auto&... variable) { (visit(variable), ...); }, variables);
  }

  template <class Visit>
  void each_variable(Visit visit) const {
    std::size_t i = 0;
    each_variable_type([&](const auto& variable) { visit(i++, variable.count()); });
  }
};

}  // namespace nascent
