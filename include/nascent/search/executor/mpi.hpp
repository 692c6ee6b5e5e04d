#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "nascent/search/executor/executor_policy.hpp"
#include "nascent/search/executor/inline.hpp"
#include "nascent/search/executor/message.hpp"
#include "nascent/search/executor/mpi_session.hpp"

namespace nascent {

/// Executor: evaluates in the other ranks of an MPI job, see MpiSession. A worker of which nothing
/// is heard for `lost_seconds` is lost: its trial goes to another, and the search goes on as long
/// as one worker lives. One that comes back is used again. Trials are pure, so when one was
/// evaluated twice on equal machines and the outcomes differ, that is an error which ends the
/// search. Make `lost_seconds` less than a time limit of trials, lest a dead worker look like a
/// slow trial. Where there is one rank only, it evaluates as well.
class Mpi {
 public:
  /// Throws std::logic_error in a worker, which has to serve. The session outlives it.
  explicit Mpi(MpiSession& session) : session_(&session) {
    if (session.is_worker())
      throw std::logic_error("a worker serves, and was told to search; see MpiSession");
  }

  /// The other ranks, for one run.
  template <class Architecture, bool pure>
  class Ranks {
   public:
    /// The roster outlives it.
    explicit Ranks(detail::MpiRoster& roster) : roster_(roster) {}
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;
    ~Ranks() {
      for (const auto& [ticket, job] : given_) cancel_ticket(ticket);
    }

    /// Not less than what is under way, though a worker may be lost.
    int size() const { return (std::max)({1, roster_.living(), static_cast<int>(jobs_.size())}); }

    void start(JobId id, const Trial<Architecture>& trial) {
      jobs_.emplace(id, std::make_shared<Job>(id, trial));
      give_out(nullptr);
    }

    void cancel(JobId id) {
      const auto at = jobs_.find(id);
      if (at == jobs_.end()) return;
      Job& job = *at->second;
      job.cancelled = true;
      if (job.ticket == 0)
        finish(job, {id, {}, {}});
      else
        cancel_tickets_of(job);
    }

    std::optional<Finished> wait(JobHost& host) {
      const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
      Listener listener{*this, host};
      while (true) {
        roster_.poll(listener);
        give_out(&host);
        if (!finished_.empty()) break;
        if (roster_.living() == 0)
          throw SearchError(
              "no worker is left: every one has ended or gives no sign of life; start the search "
              "again, with a journal it goes on where it was");
        if (std::chrono::steady_clock::now() >= until) return std::nullopt;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      Finished finished = std::move(finished_.front());
      finished_.pop_front();
      return finished;
    }

   private:
    using Ticket = std::uint64_t;

    struct Job {
      JobId id;
      std::string architecture;
      detail::Json message;
      Ticket ticket = 0;  ///< under which it was given out last; 0 while nobody has it
      bool cancelled = false, done = false;
      std::optional<Outcome> outcome{};
      Job(JobId i, const Trial<Architecture>& trial)
          : id(i),
            architecture(to_string(trial.architecture())),
            message(detail::message_of_trial(i, trial)) {}
    };

    struct Given {
      std::shared_ptr<Job> job;
      int rank;
    };

    struct Listener {
      Ranks& ranks;
      JobHost& host;
      void on_message(const detail::MpiMessage& message) { ranks.hear(message, host); }
      void on_lost(int rank) { ranks.give_up(rank); }
      void on_back(int rank) { ranks.welcome(rank); }
    };

    /// Gives what nobody has to workers that have nothing.
    void give_out(JobHost* host) {
      for (auto& [id, job] : jobs_) {
        if (job->ticket != 0) continue;
        const int rank = roster_.idle();
        if (rank == 0) return;
        job->ticket = roster_[rank].ticket = roster_.new_ticket();
        job->message["job"] = job->ticket;
        if (host) host->on_begin(id);
        given_.emplace(job->ticket, Given{job, rank});
        roster_.link().send(rank, detail::MpiTag::trial, detail::json_text(job->message));
      }
    }

    void hear(const detail::MpiMessage& message, JobHost& host) {
      const detail::Json json = detail::Json::parse(message.text);
      const Ticket ticket = json.at("job").get<Ticket>();
      if (message.tag == detail::MpiTag::finished && roster_[message.rank].ticket == ticket)
        roster_[message.rank].ticket = 0;
      const auto at = given_.find(ticket);
      if (at == given_.end()) return;  // of an earlier run
      const std::shared_ptr<Job> job = at->second.job;
      if (message.tag == detail::MpiTag::report) {
        if (!job->done && job->ticket == ticket) host.on_epoch(job->id, detail::report_of(json));
        return;
      }
      given_.erase(at);
      Finished finished = detail::end_of(json);
      finished.job = job->id;
      if (job->done)
        require_equal(*job, finished, message.rank);
      else
        finish(*job, std::move(finished));
    }

    void finish(Job& job, Finished finished) {
      job.done = true;
      job.outcome = finished.outcome;  // for the late outcome of one that was lost
      cancel_tickets_of(job);
      finished_.push_back(std::move(finished));
      const JobId id = job.id;
      jobs_.erase(id);  // and perhaps the job with it
    }

    void cancel_tickets_of(const Job& job) {
      for (const auto& [ticket, given] : given_)
        if (given.job.get() == &job) cancel_ticket(ticket);
    }

    /// Tells the worker that has it, if it lives.
    void cancel_ticket(Ticket ticket) {
      const int rank = given_.at(ticket).rank;
      if (roster_[rank].lives())
        roster_.link().send(rank, detail::MpiTag::cancel, std::to_string(ticket));
    }

    /// The worker is lost. Its job is free again, unless an earlier loser of it has come back.
    void give_up(int rank) {
      const auto lost = given_.find(roster_[rank].ticket);
      if (lost == given_.end() || lost->second.job->ticket != lost->first) return;
      Job& job = *lost->second.job;
      if (job.done) return;
      job.ticket = 0;
      for (const auto& [ticket, given] : given_)
        if (given.job.get() == &job && roster_[given.rank].lives()) job.ticket = ticket;
      if (job.ticket == 0 && job.cancelled) finish(job, {job.id, {}, {}});
    }

    /// The worker was lost and is back, perhaps with something that is not wanted any more.
    void welcome(int rank) {
      const auto at = given_.find(roster_[rank].ticket);
      if (at == given_.end()) return;
      Job& job = *at->second.job;
      if (job.done || job.cancelled)
        cancel_ticket(at->first);
      else if (job.ticket == 0)
        job.ticket = at->first;
    }

    void require_equal(const Job& job, const Finished& late, int rank) const {
      if (!pure || !job.outcome || !late.outcome) return;
      const Outcome &one = *job.outcome, &other = *late.outcome;
      if (one.machine != other.machine) return;
      if (one.accuracy == other.accuracy && one.train_accuracy == other.train_accuracy &&
          one.epochs == other.epochs && one.failure == other.failure)
        return;
      throw SearchError("'" + job.architecture +
                        "' was evaluated twice, since a worker was lost "
                        "for a while, and the outcomes differ: " +
                        words(one) + ", on rank " + std::to_string(rank) + " " + words(other) +
                        "; an outcome must follow from its trial alone");
    }

    static std::string words(const Outcome& outcome) {
      if (!outcome.ok()) return "failed (" + outcome.failure + ")";
      return std::to_string(outcome.accuracy.correct) + " of " +
             std::to_string(outcome.accuracy.total) + " right after " +
             std::to_string(outcome.epochs) + " epochs";
    }

    detail::MpiRoster& roster_;
    std::map<JobId, std::shared_ptr<Job>> jobs_;  // not finished
    std::map<Ticket, Given> given_;               // what workers have, those that are lost included
    std::deque<Finished> finished_;
  };

  /// The other ranks, or rank 0 alone where there are none.
  template <class Space, class Evaluator>
  class Workers {
   public:
    /// Of the space.
    using TrialOf = Trial<typename Space::Architecture>;

    /// All of them outlive it.
    Workers(const Space& space, Evaluator& evaluator, MpiSession& session)
        : single_(session.ranks() == 1), alone_(space, evaluator), ranks_(session.roster_) {}

    int size() const { return single_ ? 1 : ranks_.size(); }
    void start(JobId id, const TrialOf& trial) {
      single_ ? alone_.start(id, trial) : ranks_.start(id, trial);
    }
    void cancel(JobId id) { single_ ? alone_.cancel(id) : ranks_.cancel(id); }
    std::optional<Finished> wait(JobHost& host) {
      return single_ ? alone_.wait(host) : ranks_.wait(host);
    }

   private:
    bool single_;
    Inline::Worker<Space, Evaluator> alone_;
    Ranks<typename Space::Architecture, detail::is_pure<Evaluator>()> ranks_;
  };

  template <class Space, class Evaluator>
  Workers<Space, Evaluator> crew(const Space& space, Evaluator& evaluator) const {
    return {space, evaluator, *session_};
  }

  std::string name() const {
    return session_->ranks() == 1 ? "1 MPI rank"
                                  : std::to_string(session_->ranks() - 1) + " MPI workers";
  }

 private:
  MpiSession* session_;
};

}  // namespace nascent
