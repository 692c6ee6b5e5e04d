// Messages between the ranks of an MPI job, such that the death of one blocks no other.
#pragma once

#ifndef OMPI_SKIP_MPICXX
#define OMPI_SKIP_MPICXX 1  // only the C functions are used
#endif
#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace nascent::detail {

/// What a message is; `alive` goes both ways, those before it come from rank 0, those after it from
/// workers.
enum class MpiTag { trial = 1, cancel, end, close, alive, report, finished, ended };

struct MpiMessage {
  int rank;  ///< who says it
  MpiTag tag;
  std::string text;
};

/// MPI of this process. Nothing here waits for another rank but the constructor and
/// `close(true)`; all of it belongs to the thread that made it.
class MpiLink {
 public:
  MpiLink(int& argc, char**& argv) {
    int ready = 0, threads = MPI_THREAD_FUNNELED;
    MPI_Initialized(&ready);
    owner_ = !ready;
    if (owner_) MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &threads);
    if (threads < MPI_THREAD_FUNNELED)
      throw std::runtime_error(
          "this MPI allows no second thread in its processes, which workers need; use one built "
          "with thread support");
    if (owner_) MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_dup(MPI_COMM_WORLD, &ranks_);
    MPI_Comm_set_errhandler(ranks_, MPI_ERRORS_RETURN);
    MPI_Comm_rank(ranks_, &rank_);
    MPI_Comm_size(ranks_, &size_);
  }
  MpiLink(const MpiLink&) = delete;
  MpiLink& operator=(const MpiLink&) = delete;

  int rank() const { return rank_; }
  int size() const { return size_; }

  /// Returns at once. What a dead rank was told is lost.
  void send(int to, MpiTag tag, std::string_view text = {}) {
    const int kind = static_cast<int>(tag);
    for (; text.size() > kPiece; text.remove_prefix(kPiece))
      send_piece(to, kind + kMore, text.substr(0, kPiece));
    send_piece(to, kind, text);
  }

  /// The next message that has come.
  std::optional<MpiMessage> receive() {
    while (true) {
      int there = 0, length = 0;
      MPI_Status status;
      if (MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, ranks_, &there, &status) != MPI_SUCCESS || !there)
        return std::nullopt;
      MPI_Get_count(&status, MPI_CHAR, &length);
      std::string piece(static_cast<std::size_t>(length), '\0');
      if (MPI_Recv(piece.data(), length, MPI_CHAR, status.MPI_SOURCE, status.MPI_TAG, ranks_,
                   MPI_STATUS_IGNORE) != MPI_SUCCESS)
        return std::nullopt;
      std::string& text = partly_[status.MPI_SOURCE];
      text += piece;
      if (status.MPI_TAG < kMore)
        return MpiMessage{status.MPI_SOURCE, static_cast<MpiTag>(status.MPI_TAG),
                          std::exchange(text, {})};
    }
  }

  /// Ends MPI, `together` with all other ranks; without them MPI stays as it is to the end of the
  /// process, since MPI_Finalize would wait for them.
  void close(bool together) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    while (!sent() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (!together)
      new std::list<Sending>(std::move(sending_));  // NOLINT: MPI may read them to the very end
    else if (owner_)
      MPI_Finalize();
    else
      MPI_Comm_free(&ranks_);
  }

 private:
  // A piece is small enough to leave without the receiver's help, so no rank waits inside MPI for
  // one that dies halfway. The tag of all pieces of a message but its last has kMore added.
  static constexpr std::size_t kPiece = 2000;
  static constexpr int kMore = 64;

  struct Sending {
    std::string text;
    MPI_Request request = MPI_REQUEST_NULL;
    explicit Sending(std::string_view t) : text(t) {}
  };

  void send_piece(int to, int tag, std::string_view text) {
    sent();
    Sending& it = sending_.emplace_back(text);
    if (MPI_Isend(it.text.data(), static_cast<int>(it.text.size()), MPI_CHAR, to, tag, ranks_,
                  &it.request) != MPI_SUCCESS)
      sending_.pop_back();
  }

  /// Forgets what has left; true when all has.
  bool sent() {
    sending_.remove_if([](Sending& it) {
      int done = 0;
      return MPI_Test(&it.request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS || done;
    });
    return sending_.empty();
  }

  MPI_Comm ranks_ = MPI_COMM_NULL;
  bool owner_ = false;
  int rank_ = 0, size_ = 1;
  std::list<Sending> sending_;
  std::map<int, std::string> partly_;  // messages of which a part has come, by rank
};

/// Seconds since the last call, but never many: while a process was stopped or busy elsewhere, it
/// heard nobody and cannot hold silence against them.
class MpiEar {
 public:
  double operator()() {
    const auto now = Clock::now();
    const std::chrono::duration<double> passed = now - std::exchange(last_, now);
    return (std::min)(passed.count(), 0.1);
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point last_ = Clock::now();
};

/// True once in so many seconds.
class MpiBeat {
 public:
  explicit MpiBeat(double seconds) : every_(seconds) {}

  bool operator()() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return false;
    next_ = now + std::chrono::duration_cast<std::chrono::steady_clock::duration>(every_);
    return true;
  }

 private:
  std::chrono::duration<double> every_;
  std::chrono::steady_clock::time_point next_{};
};

}  // namespace nascent::detail
