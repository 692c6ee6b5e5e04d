// What may watch a search.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "nascent/search/found.hpp"
#include "nascent/search/monitor.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/search/trial.hpp"

namespace nascent {
namespace detail {

template <class C, class Space>
concept watches_begin = requires(C& callback, const RunInfo& info) {
  callback.on_begin(info);
};

template <class C, class Space>
concept watches_trial = requires(C& callback, const Trial<typename Space::Architecture>& trial) {
  callback.on_trial(trial);
};

template <class C, class Space>
concept watches_epoch = requires(C& callback, const Trial<typename Space::Architecture>& trial,
                                 const EpochReport& report) {
  callback.on_epoch(trial, report);
};

template <class C, class Space>
concept watches_outcome = requires(C& callback, const Trial<typename Space::Architecture>& trial,
                                   const Outcome& outcome) {
  callback.on_outcome(trial, outcome);
};

template <class C, class Space>
concept watches_incumbent = requires(C& callback, const Judged<Space>& best) {
  callback.on_incumbent(best);
};

template <class C, class Space>
concept watches_milestone = requires(C& callback, const Milestone<Space>& milestone) {
  callback.on_milestone(milestone);
};

template <class C, class Space>
concept watches_end = requires(C& callback, const Found<Space>& found) {
  callback.on_end(found);
};

template <class C, class Space>
concept recalls = requires(C& callback, const Trial<typename Space::Architecture>& trial) {
  { callback.recall(trial) } -> std::same_as<std::optional<Outcome>>;
};

template <class C, class Space>
concept looks_up = requires(C& callback, const Trial<typename Space::Architecture>& trial) {
  { callback.look_up(trial) } -> std::same_as<std::optional<Outcome>>;
};

template <class C, class Space>
concept watches_early = requires(C& callback, const Trial<typename Space::Architecture>& trial,
                                 const Outcome& outcome) {
  callback.on_early_outcome(trial, outcome);
};

template <class C, class Space>
concept stops = requires(C& callback) {
  { callback.stop() } -> std::convertible_to<std::string>;
};

}  // namespace detail

/// A callback is any object with at least one of these members (`A` = Space::Architecture):
///
/// - `on_begin(const RunInfo&)`, `on_end(const Found<Space>&)`
/// - `on_trial(const Trial<A>&)`: a training begins (not called for a recalled one)
/// - `on_epoch(const Trial<A>&, const EpochReport&)`
/// - `on_outcome(const Trial<A>&, const Outcome&)`: in the order of the trials' numbers
/// - `on_incumbent(const Judged<Space>&)`: the strategy has a new best
/// - `on_milestone(const Milestone<Space>&)`: a phase has ended
/// - `on_early_outcome(const Trial<A>&, const Outcome&)`: a worker has finished what the search has
///   not come to yet
/// - `std::optional<Outcome> recall(const Trial<A>&)`: an outcome known already for this number
/// - `std::optional<Outcome> look_up(const Trial<A>&)`: one known for an equal trial (`same_trial`)
/// - `std::string stop()`: a reason to stop now, or nothing
///
/// Callbacks run on the search's own thread. See docs/concepts.md#callback.
template <class C, class Space>
concept CallbackPolicy = detail::watches_begin<C, Space> || detail::watches_trial<C, Space> ||
    detail::watches_epoch<C, Space> || detail::watches_outcome<C, Space> ||
    detail::watches_incumbent<C, Space> || detail::watches_milestone<C, Space> ||
    detail::watches_end<C, Space> || detail::recalls<C, Space> || detail::looks_up<C, Space> ||
    detail::watches_early<C, Space> || detail::stops<C, Space>;

namespace detail {

/// A member of one of these names that a search cannot call would be passed over in silence.
template <class C, class Space>
consteval bool explain_callback() {
  constexpr bool on_begin = watches_begin<C, Space> || !requires { &C::on_begin; };
  static_assert(on_begin,
                "nascent: your callback's on_begin is not called as it stands; it needs to be "
                "`void on_begin(const RunInfo&)` - docs/concepts.md#callback");
  constexpr bool on_trial = watches_trial<C, Space> || !requires { &C::on_trial; };
  static_assert(on_trial,
                "nascent: your callback's on_trial is not called as it stands; it needs to be "
                "`void on_trial(const Trial<Architecture>&)` - docs/concepts.md#callback");
  constexpr bool on_epoch = watches_epoch<C, Space> || !requires { &C::on_epoch; };
  static_assert(on_epoch,
                "nascent: your callback's on_epoch is not called as it stands; it needs to be "
                "`void on_epoch(const Trial<Architecture>&, const EpochReport&)` - "
                "docs/concepts.md#callback");
  constexpr bool on_outcome = watches_outcome<C, Space> || !requires { &C::on_outcome; };
  static_assert(
      on_outcome,
      "nascent: your callback's on_outcome is not called as it stands; it needs to be "
      "`void on_outcome(const Trial<Architecture>&, const Outcome&)` - docs/concepts.md#callback");
  constexpr bool on_early_outcome = watches_early<C, Space> || !requires { &C::on_early_outcome; };
  static_assert(
      on_early_outcome,
      "nascent: your callback's on_early_outcome is not called as it stands; it needs to be "
      "`void on_early_outcome(const Trial<Architecture>&, const Outcome&)` - "
      "docs/concepts.md#callback");
  constexpr bool on_incumbent = watches_incumbent<C, Space> || !requires { &C::on_incumbent; };
  static_assert(on_incumbent,
                "nascent: your callback's on_incumbent is not called as it stands; it needs to be "
                "`void on_incumbent(const Judged<Space>&)` - docs/concepts.md#callback");
  constexpr bool on_milestone = watches_milestone<C, Space> || !requires { &C::on_milestone; };
  static_assert(on_milestone,
                "nascent: your callback's on_milestone is not called as it stands; it needs to be "
                "`void on_milestone(const Milestone<Space>&)` - docs/concepts.md#callback");
  constexpr bool on_end = watches_end<C, Space> || !requires { &C::on_end; };
  static_assert(on_end,
                "nascent: your callback's on_end is not called as it stands; it needs to be "
                "`void on_end(const Found<Space>&)` - docs/concepts.md#callback");
  constexpr bool recall = recalls<C, Space> || !requires { &C::recall; };
  static_assert(
      recall,
      "nascent: your callback's recall is not called as it stands; it needs to be "
      "`std::optional<Outcome> recall(const Trial<Architecture>&)` - docs/concepts.md#callback");
  constexpr bool look_up = looks_up<C, Space> || !requires { &C::look_up; };
  static_assert(
      look_up,
      "nascent: your callback's look_up is not called as it stands; it needs to be "
      "`std::optional<Outcome> look_up(const Trial<Architecture>&)` - docs/concepts.md#callback");
  constexpr bool stop = stops<C, Space> || !requires { &C::stop; };
  static_assert(stop,
                "nascent: your callback's stop is not called as it stands; it needs to be "
                "`std::string stop()` - docs/concepts.md#callback");
  constexpr bool called = on_begin && on_trial && on_epoch && on_outcome && on_early_outcome &&
                          on_incumbent && on_milestone && on_end && recall && look_up && stop;
  static_assert(!called || CallbackPolicy<C, Space>,
                "nascent: one of your callbacks has no member that a search calls; on_outcome, "
                "on_end and others are listed in docs/concepts.md#callback");
  return true;
}

}  // namespace detail
}  // namespace nascent
