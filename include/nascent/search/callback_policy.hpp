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

}  // namespace nascent
