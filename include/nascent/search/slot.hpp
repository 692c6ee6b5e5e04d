// Where a coroutine waits for a value that the engine will bring.
#pragma once

#include <coroutine>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace nascent::detail {

/// Values under way, by number: put in once by the engine, taken out once by a coroutine.
template <class T>
class Slots {
 public:
  std::size_t open() {
    slots_.push_back(std::make_unique<Slot>());
    return slots_.size() - 1;
  }

  bool filled(std::size_t number) const { return at(number).value.has_value(); }

  void wait(std::size_t number, std::coroutine_handle<> waiter) { at(number).waiter = waiter; }

  /// Brings the value and wakes who waits for it.
  void fill(std::size_t number, T value) {
    Slot& slot = at(number);
    slot.value.emplace(std::move(value));
    if (slot.waiter) slot.waiter.resume();
  }

  T take(std::size_t number) {
    T value = std::move(*at(number).value);
    slots_[number].reset();
    return value;
  }

 private:
  struct Slot {
    std::optional<T> value;
    std::coroutine_handle<> waiter;
  };

  Slot& at(std::size_t number) const {
    if (!slots_[number])
      throw std::logic_error("nascent: a ticket is awaited twice; keep its value instead");
    return *slots_[number];
  }

  std::vector<std::unique_ptr<Slot>> slots_;
};

template <class>
inline constexpr bool kNever = false;

/// What `co_await` works on: number `number` of the host's slots.
template <class T>
class [[nodiscard]] Ticket {
 public:
  Ticket(Slots<T>& slots, std::size_t number) : slots_(&slots), number_(number) {}

  bool await_ready() const { return slots_->filled(number_); }
  void await_suspend(std::coroutine_handle<> waiter) const { slots_->wait(number_, waiter); }
  T await_resume() const { return slots_->take(number_); }

  /// There to say what is missing.
  operator T() const {
    static_assert(kNever<T>,
                  "nascent: what you ask for has to be awaited: write `co_await train(...)`, "
                  "`co_await judge(...)` - docs/own-policies.md");
    return await_resume();
  }

 private:
  Slots<T>* slots_;
  std::size_t number_;
};

}  // namespace nascent::detail
