// Messages between the processes of one machine. Linux.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "nascent/search/search_error.hpp"

namespace nascent::detail {

inline std::string system_error(const std::string& what) {
  return what + ": " + std::strerror(errno);
}

/// A descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  int number() const { return number_; }
  void close() {
    if (number_ >= 0) ::close(std::exchange(number_, -1));
  }

 private:
  int number_;
};

/// One end of a channel between processes. Messages arrive in their order, whole or not at all.
class ChannelEnd {
 public:
  enum class Sent { yes, full, nobody_there };

  ChannelEnd() = default;
  explicit ChannelEnd(int number) : socket_(number) {}

  int number() const { return socket_.number(); }
  void close() { socket_.close(); }

  /// Ends the channel for both sides, also where other processes have copies of this end.
  void hang_up() { ::shutdown(number(), SHUT_RDWR); }

  /// Waits for room; false when nobody is there.
  bool send(const std::string& message) { return send(message, 0) == Sent::yes; }

  Sent send_at_once(const std::string& message) { return send(message, MSG_DONTWAIT); }

  /// The next message, if there is one now.
  std::optional<std::string> receive() {
    const ssize_t size = receive(nullptr, 0, MSG_PEEK | MSG_TRUNC);
    if (size == 0) hung_up_ = true;
    if (size <= 0) return std::nullopt;
    std::string message(static_cast<std::size_t>(size), '\0');
    receive(message.data(), message.size(), 0);
    return message;
  }

  /// True when `receive` found that all others have closed their end.
  bool hung_up() const { return hung_up_; }

 private:
  Sent send(const std::string& message, int flags) {
    while (::send(number(), message.data(), message.size(), flags | MSG_NOSIGNAL) < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return Sent::full;
      if (errno == EPIPE || errno == ECONNRESET) return Sent::nobody_there;
      throw SearchError(system_error("cannot send " + std::to_string(message.size()) +
                                     " bytes to another process"));
    }
    return Sent::yes;
  }

  /// Bytes received, 0 at the end of the channel, -1 when there is nothing now.
  ssize_t receive(char* data, std::size_t size, int flags) {
    while (true) {
      const ssize_t got = ::recv(number(), data, size, flags | MSG_DONTWAIT);
      if (got >= 0) return got;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return -1;
      if (errno != EINTR) return 0;
    }
  }

  Descriptor socket_;
  bool hung_up_ = false;
};

/// Both ends of a new channel; programs that these processes start do not get them.
inline std::pair<ChannelEnd, ChannelEnd> make_channel() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw SearchError(system_error("cannot open a channel between processes"));
  return {ChannelEnd(ends[0]), ChannelEnd(ends[1])};
}

/// Waits until one of two has something to read; at most so many milliseconds, or (-1) for long.
inline void wait_for_input(int one, int other, int milliseconds) {
  pollfd both[2] = {{one, POLLIN, 0}, {other, POLLIN, 0}};
  ::poll(both, 2, milliseconds);  // a signal ends the wait, which is as well
}

}  // namespace nascent::detail
