// One process of an MPI job: the searching one, or a worker.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "nascent/search/executor/mpi_link.hpp"
#include "nascent/search/executor/mpi_worker.hpp"

namespace nascent {

/// When a silent rank counts as lost.
struct MpiOptions {
  double lost_seconds = 30;    ///< a worker of which nothing is heard for so long is lost
  double alone_seconds = 600;  ///< a worker that hears nothing of rank 0 for so long ends
};

namespace detail {

/// Rank 0's list of the workers: who lives, and who does what.
class MpiRoster {
 public:
  struct Worker {
    bool serves = false;  ///< it has said so
    bool lost = false;
    bool ended = false;  ///< serves no more
    double silence = 0;
    std::uint64_t ticket = 0;  ///< of the trial that it has; 0 for none
    bool lives() const { return !lost && !ended; }
  };

  MpiRoster(MpiLink& link, const MpiOptions& options)
      : link_(link),
        options_(options),
        beat_((std::min)(1.0, options.lost_seconds / 5)),
        workers_(static_cast<std::size_t>(link.size())) {
    workers_[0].ended = true;  // rank 0 searches
  }

  MpiLink& link() { return link_; }
  Worker& operator[](int rank) { return workers_[static_cast<std::size_t>(rank)]; }
  int living() const { return static_cast<int>(std::ranges::count_if(workers_, &Worker::lives)); }
  int losses() const { return losses_; }

  /// A worker without a trial, or 0.
  int idle() const {
    const auto found = std::ranges::find_if(
        workers_, [](const Worker& w) { return w.serves && w.lives() && w.ticket == 0; });
    return found == workers_.end() ? 0 : static_cast<int>(found - workers_.begin());
  }

  /// Numbers trials as they are given out, over all runs, so that what comes late is told apart.
  std::uint64_t new_ticket() { return ++tickets_; }

  /// Hears what has come and says that rank 0 is alive. The listener is told by `on_message`,
  /// `on_lost(rank)` and `on_back(rank)`.
  template <class Listener>
  void poll(Listener& listener) {
    while (const auto message = link_.receive()) hear(*message, listener);
    const double passed = ear_();
    const bool beat = beat_();
    for (int rank = 1; rank < link_.size(); ++rank) {
      Worker& worker = (*this)[rank];
      if (worker.lost) continue;
      worker.silence += passed;
      // Before its first word a worker may load data for a long time.
      const bool waits = worker.serves || worker.ended || closing_;
      if (worker.silence > (waits ? options_.lost_seconds : options_.alone_seconds)) {
        worker.lost = true;
        ++losses_;
        listener.on_lost(rank);
      } else if (beat) {
        link_.send(rank, MpiTag::alive);
      }
    }
  }

  /// Tells the workers to end and waits for those that live; true when none is missing, so that all
  /// can leave MPI together.
  bool close() {
    struct {
      void on_message(const MpiMessage&) {}
      void on_lost(int) {}
      void on_back(int) {}
    } nobody;
    closing_ = true;
    for (int rank = 1; rank < link_.size(); ++rank)
      if (!(*this)[rank].lost) link_.send(rank, MpiTag::end);
    while (living() > 0) {
      poll(nobody);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const bool together = std::ranges::none_of(workers_, &Worker::lost);
    for (int rank = 1; rank < link_.size(); ++rank)
      link_.send(rank, MpiTag::close, together ? "together" : "alone");
    return together;
  }

 private:
  template <class Listener>
  void hear(const MpiMessage& message, Listener& listener) {
    Worker& worker = (*this)[message.rank];
    worker.silence = 0;
    if (std::exchange(worker.lost, false)) {
      link_.send(message.rank, closing_ ? MpiTag::end : MpiTag::alive);
      listener.on_back(message.rank);
    }
    if (message.tag == MpiTag::ended) {
      worker.ended = true;
      listener.on_lost(message.rank);
    } else {
      worker.serves = true;
      if (message.tag != MpiTag::alive) listener.on_message(message);
    }
  }

  MpiLink& link_;
  const MpiOptions options_;
  MpiEar ear_;
  MpiBeat beat_;
  std::vector<Worker> workers_;  // by rank
  std::uint64_t tickets_ = 0;
  int losses_ = 0;
  bool closing_ = false;
};

}  // namespace detail

/// MPI from here to the end of main: make it there, before anything else. Rank 0 searches with the
/// executor `Mpi`; the others serve it.
///
///     nascent::MpiSession mpi(argc, argv);
///     if (mpi.is_worker()) return mpi.serve(search.space, evaluator);
///     auto found = search.run(evaluator, options, Mpi(mpi), Journal("runs/first"));
///
/// Start it with
///
///     mpirun --mca orte_enable_recovery 1 --mca orte_abort_on_non_zero_status 0 -n 5 PROGRAM
///
/// so that Open MPI does not end the job when one rank dies; mpirun's exit code is then 0 whatever
/// rank 0's is. Under other launchers a lost rank may end the job; started again, a search with a
/// journal goes on.
///
/// The destructor ends the workers, and MPI with MPI_Finalize. After a loss it leaves MPI as it is,
/// since MPI_Finalize would wait for the dead, and the process ends with main's own exit code all
/// the same. A worker that was lost but lives ends when it is told so or hears nothing more.
class MpiSession {
 public:
  /// Calls MPI_Init_thread; std::invalid_argument for times that are not positive.
  MpiSession(int& argc, char**& argv, const MpiOptions& options = {})
      : options_(checked(options)), link_(argc, argv), roster_(link_, options) {}
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
  ~MpiSession() {
    try {
      link_.close(is_worker() ? leave() : roster_.close());
    } catch (const std::exception& error) {
      std::fprintf(stderr, "rank %d: MPI is left as it is: %s\n", rank(), error.what());
    }
  }

  /// Of this process, from 0.
  int rank() const { return link_.rank(); }
  /// How many processes the job has.
  int ranks() const { return link_.size(); }
  /// True but in rank 0, which searches.
  bool is_worker() const { return rank() != 0; }

  /// How many times a worker was lost; one that came back counts too.
  int losses() const { return roster_.losses(); }

  /// Evaluates what rank 0 asks for, until it ends: call it where rank 0 searches, with the same
  /// space and an equal evaluator. Returns the exit code for main: 0, or 1 when rank 0 was lost.
  template <class Space, class Evaluator>
  int serve(const Space& space, Evaluator&& evaluator) {
    if (!is_worker()) throw std::logic_error("rank 0 searches, and was told to serve");
    detail::serve_as(evaluator, rank() - 1);
    detail::MpiWorker worker(link_, detail::fitted(space, evaluator), evaluator, beat_seconds());
    detail::MpiEar ear;
    double silence = 0;
    const pid_t launcher = ::getppid();
    while (worker.step(silence)) {
      silence += ear();
      if (silence <= options_.alone_seconds && ::getppid() == launcher) continue;
      std::fprintf(stderr, "rank %d: rank 0 gives no sign of life, so this worker ends\n", rank());
      alone_ = true;
      worker.abandon(options_.lost_seconds);
      return 1;
    }
    alone_ = worker.dismissed();
    return 0;
  }

 private:
  friend class Mpi;

  static const MpiOptions& checked(const MpiOptions& options) {
    if (!(options.lost_seconds > 0 && options.alone_seconds > 0))
      throw std::invalid_argument("lost_seconds and alone_seconds of Mpi must be more than 0");
    return options;
  }

  double beat_seconds() const { return (std::min)(1.0, options_.lost_seconds / 5); }

  /// A worker's farewell, whether it served or not; true when all leave MPI together.
  bool leave() {
    if (alone_) return false;
    link_.send(0, detail::MpiTag::ended);
    detail::MpiEar ear;
    detail::MpiBeat beat(beat_seconds());
    const pid_t launcher = ::getppid();
    double silence = 0;
    while (silence <= options_.alone_seconds && ::getppid() == launcher) {
      while (const auto message = link_.receive()) {
        if (message->tag == detail::MpiTag::close) return message->text == "together";
        silence = 0;
      }
      if (beat()) link_.send(0, detail::MpiTag::ended);
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      silence += ear();
    }
    return false;
  }

  const MpiOptions options_;
  detail::MpiLink link_;
  detail::MpiRoster roster_;
  bool alone_ = false;
};

}  // namespace nascent
