// The checkpoint that the training of a candidate keeps until it has ended.
#pragma once

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <functional>
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
#include "nascent/train/checkpoint.hpp"
#include "nascent/train/network.hpp"

namespace nascent {

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

  /// Takes up a training of `epochs` epochs where there is a checkpoint of it. `course` is that of
  /// a Trainer with that optimiser, at its start.
  template <class Optimiser, class Course>
  void resume(const NetworkDescription& description, Network& network, Course& course, int epochs) {
    if (path_.empty()) return;
    try {
      const Safetensors file = Safetensors::read(path_);
      const auto checksum = file.values<std::int64_t>("checksum");
      const auto epoch = file.values<std::int64_t>("epoch");
      const auto best = file.values<std::int64_t>("best");
      const auto seconds = file.values<double>("seconds");
      if (checksum != std::vector{checksum_of(file)} || epoch.size() != 1 || epoch[0] < 1 ||
          epoch[0] >= epochs || best.size() != 4 || seconds.size() != 1 ||
          !std::isfinite(seconds[0]))
        return;
      load_checkpoint<Optimiser>(file, description, network, course.state, protocol());
      course.best.accuracy = {best[0], best[1]};
      course.best.train_accuracy = {best[2], best[3]};
      before_ = seconds[0];
    } catch (const DataError&) {  // missing, damaged or of another training: `course` is unchanged
    }
  }

  /// True when the next one is to be saved.
  bool due() const { return !path_.empty() && since(saved_) >= between_; }

  template <class Optimiser, class Course>
  void save(const NetworkDescription& description, Network& network, Course& course,
            std::int64_t steps) {
    try {
      Safetensors file =
          checkpoint_of<Optimiser>(description, network, course.state, steps, protocol());
      const Outcome& outcome = course.best;
      const std::array best{outcome.accuracy.correct, outcome.accuracy.total,
                            outcome.train_accuracy.correct, outcome.train_accuracy.total};
      file.add<std::int64_t>("best", {4}, best);
      const double spent = seconds();
      file.add<double>("seconds", {}, std::span(&spent, 1));
      const std::int64_t checksum = checksum_of(file);
      file.add<std::int64_t>("checksum", {}, std::span(&checksum, 1));
      std::filesystem::create_directories(path_.parent_path());
      file.write(path_);
    } catch (const std::exception&) {  // the training goes on without
    }
    saved_ = Clock::now();
  }

  /// To be called when the training has ended.
  void remove() const {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
  }

  /// That the training has taken, before its interruptions too.
  double seconds() const { return before_ + since(begin_); }

 private:
  using Clock = std::chrono::steady_clock;

  static double since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }

  const TrainingProtocol& protocol() {
    if (!known_) known_ = protocol_();
    return *known_;
  }

  /// Of the tensors; the metadata are compared text by text.
  static std::int64_t checksum_of(const Safetensors& file) {
    std::uint64_t hash = stable_hash("checkpoint");
    for (const auto& [name, tensor] : file.tensors()) {
      if (name == "checksum") continue;
      const auto* bytes = reinterpret_cast<const char*>(tensor.bytes.data());
      hash = stable_hash(std::string_view(bytes, tensor.bytes.size()), stable_hash(name, hash));
    }
    return static_cast<std::int64_t>(hash);
  }

  std::filesystem::path path_;
  double between_;
  std::function<TrainingProtocol()> protocol_;
  std::optional<TrainingProtocol> known_;
  double before_ = 0;  // seconds, spent before this evaluation
  Clock::time_point begin_ = Clock::now(), saved_ = begin_;
};

}  // namespace nascent
