// A search as TensorBoard shows it.
#pragma once

#include <array>
#include <bit>
#include <boost/crc.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "nascent/search/accuracy.hpp"
#include "nascent/search/fidelity.hpp"
#include "nascent/search/outcome.hpp"
#include "nascent/search/search_error.hpp"
#include "nascent/search/trial.hpp"

namespace nascent {
namespace detail {

/// A file of scalars for TensorBoard: protobuf messages `Event` in the frames of TFRecord.
///
/// A frame is the length of its message (8 bytes), a checksum of these, the message and a checksum
/// of that; a checksum is a CRC-32C, rotated by 15 bits, + 0xa282ead8; all are little-endian
/// (tensorflow.org/tutorials/load_data/tfrecord). Of Event {1: double wall_time, 2: int64 step,
/// 3: string file_version, 5: Summary {1: Value {1: string tag, 2: float simple_value}}} only
/// these fields are written.
class EventFile {
 public:
  /// Replaces what is there; SearchError, with the path, when it cannot be written.
  explicit EventFile(std::filesystem::path path)
      : path_(std::move(path)), file_(path_, std::ios::binary | std::ios::trunc) {
    append(text_field(3, "brain.Event:2"));
  }

  void scalar(std::string_view tag, std::int64_t step, double value) {
    const std::string point = text_field(1, tag) + fixed_field<float>(2, static_cast<float>(value));
    append(number_field(2, step) + text_field(5, text_field(1, point)));
  }

  void flush() {
    if (!file_.flush()) throw SearchError(path_.string() + " cannot be written");
  }

  static std::uint32_t checksum(std::string_view bytes) {
    boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;  // CRC-32C
    crc.process_bytes(bytes.data(), bytes.size());
    return std::rotr(static_cast<std::uint32_t>(crc.checksum()), 15) + 0xA282EAD8U;
  }

 private:
  void append(const std::string& rest) {
    const double now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    const std::string event = fixed_field<double>(1, now) + rest;
    const std::string length = little_endian<std::uint64_t>(event.size());
    file_ << length << little_endian(checksum(length)) << event << little_endian(checksum(event));
    if (!file_) throw SearchError(path_.string() + " cannot be written");
  }

  template <class T>
  static std::string little_endian(T value) {
    static_assert(std::endian::native == std::endian::little);
    const auto bytes = std::bit_cast<std::array<char, sizeof value>>(value);
    return {bytes.begin(), bytes.end()};
  }

  static std::string varint(std::uint64_t value) {
    std::string bytes;
    for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
    return bytes + static_cast<char>(value);
  }

  // The three low bits of a field's key say how its value is stored.
  static std::string key(unsigned field, unsigned kind) { return varint(field << 3 | kind); }
  static std::string number_field(unsigned field, std::int64_t value) {
    return key(field, 0) + varint(static_cast<std::uint64_t>(value));
  }
  static std::string text_field(unsigned field, std::string_view text) {
    return key(field, 2) + varint(text.size()) + std::string(text);
  }
  template <class T>
  static std::string fixed_field(unsigned field, T value) {
    return key(field, sizeof value == 8 ? 1 : 5) + little_endian(value);
  }

  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace detail

/// Callback: scalars that `tensorboard --logdir DIRECTORY` draws while the search runs. Against the
/// number of the training, from 1 on: `search/accuracy` of what was trained, in percent (or
/// `search/NAME` of another measure), `search/best` so far, `search/epochs` spent. Each candidate
/// whose outcome has a learning curve is a run of its own in `candidates/`, with `epoch/accuracy`.
///
/// A search that goes on from its journal writes all of it anew. SearchError where a file cannot be
/// written.
class TensorBoard {
 public:
  /// `curves` = false leaves out the learning curves, which are a file each.
  explicit TensorBoard(std::filesystem::path directory, bool curves = true)
      : directory_(std::move(directory)), curves_(curves), search_(open(directory_)) {}

  template <class Architecture>
  void on_outcome(const Trial<Architecture>& trial, const Outcome& outcome) {
    const std::int64_t step = trial.number + 1;
    epochs_ += outcome.epochs;
    search_.scalar("search/epochs", step, static_cast<double>(epochs_));
    if (outcome.ok()) {
      const Measure measure = trial.fidelity.measure;
      search_.scalar("search/" + std::string(to_string(measure)), step, outcome.accuracy.percent());
      if (measure == Measure::accuracy) judge(step, outcome.accuracy);
      if (curves_ && !outcome.curve.empty()) draw(trial.number, trial.fidelity.resumed, outcome);
    }
    search_.flush();
  }

 private:
  static detail::EventFile open(const std::filesystem::path& directory) {
    std::error_code ignored;  // writing says what is wrong
    std::filesystem::create_directories(directory, ignored);
    return detail::EventFile(directory / "events.out.tfevents.0.nascent");
  }

  void judge(std::int64_t step, const Accuracy& accuracy) {
    if (best_.total == 0 || accuracy.more_than(best_)) best_ = accuracy;
    search_.scalar("search/best", step, best_.percent());
  }

  void draw(int number, int epochs_before, const Outcome& outcome) const {
    char name[32];
    std::snprintf(name, sizeof name, "%04d", number + 1);
    detail::EventFile file = open(directory_ / "candidates" / name);
    std::int64_t epoch = epochs_before;
    for (const std::int32_t correct : outcome.curve)
      file.scalar("epoch/accuracy", ++epoch, Accuracy{correct, outcome.accuracy.total}.percent());
    file.flush();
  }

  std::filesystem::path directory_;
  bool curves_;
  detail::EventFile search_;
  Accuracy best_{};
  std::int64_t epochs_ = 0;
};

}  // namespace nascent
