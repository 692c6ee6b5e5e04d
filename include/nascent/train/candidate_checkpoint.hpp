// The checkpoint that the training of a candidate keeps until it has ended.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/safetensors.hpp"
#include "nascent/meta/stable_hash.hpp"
#include "nascent/operation/network_description.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/search/stopwatch.hpp"
#include "nascent/train/checkpoint.hpp"
#include "nascent/train/network.hpp"

namespace nascent {

namespace detail {

/// Of the tensors; the metadata are compared text by text.
inline std::int64_t checksum_of(const Safetensors& state) {
  std::uint64_t hash = stable_hash("checkpoint");
  for (const auto& [name, tensor] : state.tensors()) {
    if (name == "checksum") continue;
    const auto* bytes = reinterpret_cast<const char*>(tensor.bytes.data());
    hash = stable_hash(std::string_view(bytes, tensor.bytes.size()), stable_hash(name, hash));
  }
  return static_cast<std::int64_t>(hash);
}

}  // namespace detail

/// A candidate's training, evaluated after each of its epochs: a checkpoint with the best epoch,
/// the curve and the time so far. `course` is that of a Trainer with that optimiser.
template <class Optimiser, class Course>
Safetensors state_of(const NetworkDescription& description, Network& network, Course& course,
                     std::int64_t steps, double seconds, const TrainingProtocol& protocol) {
  Safetensors state = checkpoint_of<Optimiser>(description, network, course.state, steps, protocol);
  const Outcome& outcome = course.best;
  const std::array best{outcome.accuracy.correct, outcome.accuracy.total,
                        outcome.train_accuracy.correct, outcome.train_accuracy.total};
  state.add<std::int64_t>("best", {4}, best);
  state.add<std::int32_t>("curve", {std::ssize(outcome.curve)}, outcome.curve);
  state.add<double>("seconds", {}, std::span(&seconds, 1));
  const std::int64_t checksum = detail::checksum_of(state);
  state.add<std::int64_t>("checksum", {}, std::span(&checksum, 1));
  return state;
}

/// Takes a training up from its state; the seconds that it has taken. DataError where it is
/// damaged, of another protocol or beyond `epochs`, and then nothing has changed.
template <class Optimiser, class Course>
double take_up(const Safetensors& state, const NetworkDescription& description, Network& network,
               Course& course, int epochs, const TrainingProtocol& protocol) {
  const auto checksum = state.values<std::int64_t>("checksum");
  const auto epoch = state.values<std::int64_t>("epoch");
  const auto best = state.values<std::int64_t>("best");
  const auto curve = state.values<std::int32_t>("curve");
  const auto seconds = state.values<double>("seconds");
  if (checksum != std::vector{detail::checksum_of(state)} || epoch.size() != 1 || epoch[0] < 1 ||
      epoch[0] > epochs || best.size() != 4 || std::ssize(curve) != epoch[0] ||
      seconds.size() != 1 || !std::isfinite(seconds[0]))
    throw DataError(state.name() + " is damaged; delete it");
  load_checkpoint<Optimiser>(state, description, network, course.state, protocol);
  course.best.accuracy = {best[0], best[1]};
  course.best.train_accuracy = {best[2], best[3]};
  course.best.curve = curve;
  return seconds[0];
}

/// One file, and the time that one training has taken.
///
/// A cache: losing it costs time and nothing else, so nothing that is wrong with the file is ever
/// an error. Several trainings of one candidate may share it, in several processes.
class CandidateCheckpoint {
 public:
  /// No file where `path` is empty. `protocol` is asked once, when there is a file to read or
  /// write.
  CandidateCheckpoint(std::filesystem::path path, double seconds_between,
                      std::function<TrainingProtocol()> protocol)
      : path_(std::move(path)), between_(seconds_between), protocol_(std::move(protocol)) {}

  /// Takes up a training of `epochs` epochs where there is a checkpoint of it; false where there
  /// is none, and then `course` is at its start as before.
  template <class Optimiser, class Course>
  bool resume(const NetworkDescription& description, Network& network, Course& course, int epochs) {
    if (path_.empty()) return false;
    try {
      const Safetensors file = Safetensors::read(path_);
      before_ = take_up<Optimiser>(file, description, network, course, epochs, protocol());
      return true;
    } catch (const DataError&) {  // missing, damaged or of another training
      return false;
    }
  }

  /// True when the next one is to be saved.
  bool due() const { return !path_.empty() && since_saved_.seconds() >= between_; }

  /// Writes all that a training consists of.
  template <class Optimiser, class Course>
  void save(const NetworkDescription& description, Network& network, Course& course,
            std::int64_t steps) {
    write(state_of<Optimiser>(description, network, course, steps, seconds(), protocol()));
  }

  /// Writes a state, whole and then renamed; one that cannot be written is passed over.
  void write(const Safetensors& state) {
    if (path_.empty()) return;
    try {
      std::filesystem::create_directories(path_.parent_path());
      state.write(path_);
    } catch (const std::exception&) {  // the training goes on without
    }
    since_saved_ = Stopwatch();
  }

  /// Whether there is a file.
  bool exists() const {
    std::error_code ignored;
    return !path_.empty() && std::filesystem::exists(path_, ignored);
  }

  /// To be called when the training has ended.
  void remove() const {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
  }

  /// That the training has taken, before its interruptions too.
  double seconds() const { return before_ + used_.seconds(); }

  /// What a checkpoint must agree with to be taken up.
  const TrainingProtocol& protocol() {
    if (!known_) known_ = protocol_();
    return *known_;
  }

 private:
  std::filesystem::path path_;
  double between_;
  std::function<TrainingProtocol()> protocol_;
  std::optional<TrainingProtocol> known_;
  double before_ = 0;  // seconds, spent before this evaluation
  Stopwatch used_, since_saved_;
};

}  // namespace nascent
