// Whether the fast paths may be used, and what is known of them in this process.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nascent::cuda {

/// Of an environment variable: 0 (never), 1 (once a device has passed the checks) or check (checked
/// again with every network).
enum class FastMode { off, on, check };

/// What the variable says, or `otherwise`. std::runtime_error for another value.
inline FastMode mode_in(const char* variable, const char* otherwise) {
  const char* value = std::getenv(variable);
  const std::string_view text = value == nullptr ? otherwise : value;
  if (text == "0") return FastMode::off;
  if (text == "1") return FastMode::on;
  if (text == "check") return FastMode::check;
  throw std::runtime_error(std::string(variable) + " is '" + std::string(text) +
                           "'; set it to 0, 1 or check, or leave it out for " + otherwise);
}

/// Of all fast paths: NASCENT_CUDA_FAST, 1 unless set.
inline FastMode fast_mode() { return mode_in("NASCENT_CUDA_FAST", "1"); }

/// Of the one through cuDNN: NASCENT_CUDA_CUDNN, 0 unless set, since nobody has measured it.
inline FastMode cudnn_mode() { return mode_in("NASCENT_CUDA_CUDNN", "0"); }

/// What the checks of this process have said about one fast path on one device.
enum class Verdict { untried, passed, failed };

/// One of the fast paths, each with a plain path beside it.
enum class FastPart { step, chain, graph, cudnn };

/// Safe to use from several threads.
class Verdicts {
 public:
  static Verdict of(FastPart part, int device) { return at(part, device).load(); }

  static void pass(FastPart part, int device) {
    Verdict untried = Verdict::untried;
    at(part, device).compare_exchange_strong(untried, Verdict::passed);
  }

  /// Switches the path off for the rest of the process, and says so once.
  static void fail(FastPart part, int device, std::string_view why) {
    if (at(part, device).exchange(Verdict::failed) == Verdict::failed) return;
    std::fprintf(stderr, "cuda:%d: the %s is switched off: %.*s\n", device, name(part),
                 int(why.size()), why.data());
  }

 private:
  static const char* name(FastPart part) {
    switch (part) {
      case FastPart::step:
        return "fast training step";
      case FastPart::chain:
        return "chain of kernels";
      case FastPart::graph:
        return "CUDA graph";
      case FastPart::cudnn:
        return "path through cuDNN";
    }
    return "unknown part";
  }

  static std::atomic<Verdict>& at(FastPart part, int device) {
    static std::array<std::array<std::atomic<Verdict>, 128>, 4> all{};
    return all[static_cast<std::size_t>(part)][static_cast<std::size_t>(device)];
  }
};

/// What of the fast path has passed on this device, as a journal's "machine" says it; nothing where
/// none has.
inline std::string passed_path(int device) {
  if (Verdicts::of(FastPart::step, device) != Verdict::passed) return "";
  if (Verdicts::of(FastPart::chain, device) != Verdict::passed) return ", fast step";
  return Verdicts::of(FastPart::cudnn, device) == Verdict::passed ? ", chain of kernels with cuDNN"
                                                                  : ", chain of kernels";
}

}  // namespace nascent::cuda
