// The coroutine type in which strategies and rankers are written.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace nascent {

/// A coroutine that gives one T. It starts when it is awaited (or `start`ed by the engine), and its
/// frame is owned by this object: destroying a Task destroys everything it has under way.
///
/// Parameters of a Task coroutine are taken by value, since references would outlive their caller;
/// a member coroutine also keeps `this`, so the object must outlive the Task.
template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type;
  /// Of the coroutine.
  using Handle = std::coroutine_handle<promise_type>;

  struct promise_type {
    std::optional<T> value;
    std::exception_ptr error;
    std::coroutine_handle<> continuation = std::noop_coroutine();

    Task get_return_object() { return Task(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }

    struct Continue {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(Handle finished) noexcept {
        return finished.promise().continuation;
      }
      void await_resume() noexcept {}
    };
    Continue final_suspend() noexcept { return {}; }

    template <class U>
    void return_value(U&& result) {
      value.emplace(std::forward<U>(result));
    }
    void unhandled_exception() { error = std::current_exception(); }
  };

  Task() = default;
  /// The other one is left without a coroutine.
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  /// Swaps the coroutines.
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  /// Runs up to the first suspension.
  void start() { handle_.resume(); }

  /// Whether the body has run to its end.
  bool done() const { return handle_ && handle_.done(); }

  /// The result of a finished Task; rethrows what its body threw.
  T& result() {
    if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
    return *handle_.promise().value;
  }

  // Awaiting a Task starts it and goes on when it has finished.
  /// A task has to be run first.
  bool await_ready() const noexcept { return false; }
  /// Begins the body; whoever awaits goes on at its end.
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().continuation = awaiting;
    return handle_;
  }
  /// The result, moved out; rethrows what the body threw.
  T await_resume() { return std::move(result()); }

 private:
  explicit Task(Handle handle) : handle_(handle) {}

  Handle handle_;
};

}  // namespace nascent
