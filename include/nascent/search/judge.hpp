// What a strategy sees of a search.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include "nascent/search/judgement.hpp"
#include "nascent/search/slot.hpp"
#include "nascent/space/random.hpp"

namespace nascent {
namespace detail {

/// The engine, as strategies reach it.
template <class Space>
class JudgeHost {
 public:
  virtual Ticket<Judged<Space>> judge(typename Space::Architecture architecture, Move move) = 0;
  virtual void incumbent(const Judged<Space>& best) = 0;
  virtual void milestone(std::string_view name, const Judged<Space>& reached) = 0;
  virtual std::uint64_t seed() const = 0;

 protected:
  ~JudgeHost() = default;
};

}  // namespace detail

/// Starts work on a candidate at once and returns a ticket; `co_await` the ticket for its
/// judgement. Start several before awaiting the first and they run side by side; judgements are
/// consumed in program order, so timing never shows.
///
/// g++ 12 rejects `(co_await judge(...)).member` in templates: bind the judgement to a name first.
template <class Space>
class Judge {
 public:
  using Ticket = detail::Ticket<Judged<Space>>;

  explicit Judge(detail::JudgeHost<Space>& host) : host_(&host) {}

  Ticket operator()(typename Space::Architecture architecture, Move move) const {
    return host_->judge(std::move(architecture), move);
  }
  Ticket operator()(Candidate<typename Space::Architecture> candidate) const {
    return host_->judge(std::move(candidate.architecture), candidate.move);
  }

  /// Says which candidate would be the result if the search stopped now. Without it, that is the
  /// most accurate one judged so far.
  void incumbent(const Judged<Space>& best) const { host_->incumbent(best); }

  /// Records the end of a phase, for reports.
  void milestone(std::string_view name, const Judged<Space>& reached) const {
    host_->milestone(name, reached);
  }

  /// A stream of random numbers of its own for each purpose, derived from the run's seed.
  Random random(std::string_view purpose) const { return Random(host_->seed(), purpose); }

 private:
  detail::JudgeHost<Space>* host_;
};

}  // namespace nascent
