// What a strategy sees of a search.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/search/judgement.hpp"
#include "nascent/search/slot.hpp"
#include "nascent/search/train.hpp"
#include "nascent/space/random.hpp"

namespace nascent {
namespace detail {

/// The engine, as strategies reach it.
template <class Space>
class JudgeHost {
 public:
  using Architecture = typename Space::Architecture;

  virtual Ticket<Judged<Space>> judge(Architecture architecture, Move move, Batch batch,
                                      std::shared_ptr<const Trial<Architecture>> parent) = 0;
  virtual Batch open_batch(int size) = 0;
  virtual int batch_size(int otherwise) const = 0;
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
  using Architecture = typename Space::Architecture;
  /// To be awaited for the judgement.
  using Ticket = detail::Ticket<Judged<Space>>;

  /// Made by the engine.
  explicit Judge(detail::JudgeHost<Space>& host) : host_(&host) {}

  /// Has a candidate judged: starts at once, and is awaited when the answer is needed.
  Ticket operator()(Architecture architecture, Move move) const {
    return host_->judge(std::move(architecture), move, {}, nullptr);
  }
  /// The same for a candidate that is put together already.
  Ticket operator()(Candidate<Architecture> candidate) const {
    return (*this)(std::move(candidate.architecture), candidate.move);
  }

  /// A candidate grown from `parent`, whose weights its trainings inherit (Move::morph). For
  /// strategies that say `static constexpr bool inherits = true`.
  Ticket inherit(Architecture architecture, const Judged<Space>& parent) const {
    return host_->judge(std::move(architecture), Move::morph, {}, parent.training);
  }

  /// Candidates that are judged together, so that a ranker may compare them with each other
  /// before any is fully trained. For strategies that say `static constexpr bool batches = true`.
  std::vector<Ticket> batch(std::vector<Architecture> architectures, Move move) const {
    Batch batch = host_->open_batch(static_cast<int>(architectures.size()));
    std::vector<Ticket> tickets;
    tickets.reserve(architectures.size());
    for (Architecture& architecture : architectures) {
      tickets.push_back(host_->judge(std::move(architecture), move, batch, nullptr));
      ++batch.index;
    }
    return tickets;
  }

  /// How many candidates the ranker would like in the next batch; `otherwise` if it has no wish.
  int batch_size(int otherwise) const { return host_->batch_size(otherwise); }

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
