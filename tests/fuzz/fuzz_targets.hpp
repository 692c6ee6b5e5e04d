// What is fuzzed: every reader of what others wrote. A target takes any bytes; it may refuse them
// by the reader's own exception, and what it accepts must be sound.
#pragma once

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "nascent/data/cifar.hpp"
#include "nascent/data/idx.hpp"
#include "nascent/data/image_file.hpp"
#include "nascent/data/safetensors.hpp"
#include "nascent/evaluator/parity_fixture.hpp"
#include "nascent/evaluator/read_table.hpp"
#include "nascent/face/pair_bin.hpp"
#include "nascent/face/pairs.hpp"
#include "nascent/face/score_table.hpp"
#include "nascent/operation/parse_network.hpp"
#include "nascent/search/journal_text.hpp"
#include "nascent/space/architecture.hpp"

namespace nascent::fuzz {

using Bytes = std::span<const std::uint8_t>;

inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Ends the program where accepted input is not sound: both drivers then show the input.
inline void require(bool sound) {
  if (!sound) std::abort();
}

/// A file in memory, for readers that open a path.
class MemoryFile {
 public:
  MemoryFile() : file_(memfd_create("fuzz", 0)) { require(file_ >= 0); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(file_); }

  std::filesystem::path holding(Bytes bytes) const {
    require(ftruncate(file_, 0) == 0);
    const auto size = static_cast<ssize_t>(bytes.size());
    require(size == 0 || pwrite(file_, bytes.data(), bytes.size(), 0) == size);
    return "/proc/self/fd/" + std::to_string(file_);
  }

 private:
  int file_;
};

/// Plain and compressed alike: zlib looks at the first bytes.
inline void idx_images(Bytes bytes) {
  static const MemoryFile file;
  try {
    const IdxImages images = read_idx_images(file.holding(bytes));
    require(images.count > 0 && images.height > 0 && images.width > 0);
    require(images.pixels.size() ==
            std::size_t(images.count) * std::size_t(images.height) * std::size_t(images.width));
  } catch (const DataError&) {
  }
}

inline void idx_labels(Bytes bytes) {
  static const MemoryFile file;
  try {
    for (const int label : read_idx_labels(file.holding(bytes), 10)) require(label < 10);
  } catch (const DataError&) {
  }
}

/// The first byte says which of the two forms the rest has.
inline void cifar(Bytes bytes) {
  if (bytes.empty()) return;
  const CifarForm form = bytes[0] % 2 == 0 ? CifarForm{1, 10} : CifarForm{2, 100};
  try {
    ImageSet set;
    parse_cifar(bytes.subspan(1), form, "fuzz", set);
    require(set.size() > 0 && set.pixels.size() == set.labels.size() * 3072);
    for (const int label : set.labels) require(label >= 0 && label < form.classes);
  } catch (const DataError&) {
  }
}

/// A PNG's checksums made right, so that what is behind them is reached.
inline std::vector<std::uint8_t> with_checksums(Bytes bytes) {
  std::vector<std::uint8_t> png(bytes.begin(), bytes.end());
  const auto number = [&](std::size_t at) {
    return std::uint32_t{png[at]} << 24 | std::uint32_t{png[at + 1]} << 16 |
           std::uint32_t{png[at + 2]} << 8 | png[at + 3];
  };
  if (png.empty() || png[0] != 0x89) return png;
  for (std::size_t at = 8; at + 12 <= png.size();) {
    const std::size_t length = number(at);
    if (length > png.size() - at - 12) break;
    const auto sum = crc32(0, &png[at + 4], static_cast<unsigned>(length + 4));
    for (std::size_t i = 0; i < 4; ++i)
      png[at + 8 + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
    at += 12 + length;
  }
  return png;
}

inline void picture(Bytes bytes) {
  try {
    const Picture read = parse_picture(with_checksums(bytes), "fuzz");
    const Shape shape = read.shape;
    require(shape.channels == 1 || shape.channels == 3);
    require(read.pixels.size() == static_cast<std::size_t>(shape.size()));
    if (read.pixels.size() < 1000) require(resized(read, 5, 4).shape.height == 5);
  } catch (const DataError&) {
  }
}

/// What was read is written and read again to the same tensors.
inline void safetensors(Bytes bytes) {
  try {
    const Safetensors set = Safetensors::parse(bytes, "fuzz");
    const std::vector<std::uint8_t> written = set.bytes();
    const Safetensors again = Safetensors::parse(written, "fuzz");
    require(again.metadata == set.metadata && again.tensors().size() == set.tensors().size());
    for (const auto& [name, tensor] : set.tensors())
      require(again.at(name).bytes == tensor.bytes && again.at(name).shape == tensor.shape &&
              again.at(name).dtype == tensor.dtype);
  } catch (const DataError&) {
  }
}

inline void arch_json(Bytes bytes) {
  try {
    const auto arch = parse_parity_architecture(text_of(bytes), "fuzz");
    require(arch.architecture.depth() >= 3 && arch.architecture.width >= 1 && arch.batch >= 1);
  } catch (const DataError&) {
  }
}

inline void architecture(Bytes bytes) {
  try {
    const Architecture read = parse_architecture(text_of(bytes));
    require(parse_architecture(to_string(read)) == read);
  } catch (const std::invalid_argument&) {
  }
}

/// What was read is written and read again to the same trials.
inline void journal(Bytes bytes) {
  try {
    const JournalText read = parse_journal(text_of(bytes), "fuzz");
    require(read.whole_bytes <= bytes.size());
    for (const TrialRecord& trial : read.trials) {
      const TrialRecord again = parse_record(to_line(trial), "fuzz", 1);
      require(again.number == trial.number && again.stage == trial.stage &&
              again.same_trial(trial) && again.outcome.accuracy == trial.outcome.accuracy &&
              again.outcome.failure == trial.outcome.failure &&
              again.outcome.same_as == (trial.outcome.repeated() ? trial.outcome.same_as : -1));
    }
  } catch (const SearchError&) {
  }
}

/// Each row is found by its code, and has a number for each column.
inline void table(Bytes bytes) {
  static const MemoryFile file;
  try {
    const Table read = read_table(file.holding(bytes));
    require(read.size() > 0);
    const int last = static_cast<int>(read.columns().size()) - 1;
    for (int row = 0; row < read.size(); ++row) {
      require(read.find(read.codes()[static_cast<std::size_t>(row)]) == row);
      if (last >= 0) read.number(row, last);
    }
  } catch (const std::invalid_argument&) {
  } catch (const DataError&) {
  }
}

/// What was read is written and read again to the same network.
inline void network(Bytes bytes) {
  std::string written;
  try {
    written = to_string(parse_network(std::string(text_of(bytes))));
  } catch (const std::invalid_argument&) {
    return;
  }
  require(to_string(parse_network(written)) == written);
}

/// A pickle of pairs, of which nothing is executed.
inline void pair_bin(Bytes bytes) {
  try {
    const PairBin read = parse_pair_bin(bytes, "fuzz");
    require(read.images.size() == 2 * read.same.size());
    for (const auto& image : read.images) require(image->size() <= bytes.size());
  } catch (const DataError&) {
  }
}

inline void pairs(Bytes bytes) {
  try {
    const FacePairs read = parse_pairs(text_of(bytes), "fuzz");
    require(read.folds >= 1 && !read.pairs.empty());
    for (const FacePair& pair : read.pairs) require(pair.line >= 2);
  } catch (const DataError&) {
  }
}

inline void scores(Bytes bytes) {
  try {
    const ScoreTable read = parse_scores(text_of(bytes), "fuzz");
    require(!read.comparisons.empty() && read.lines.size() == read.comparisons.size());
  } catch (const DataError&) {
  }
}

struct Target {
  const char* name;
  void (*run)(Bytes);
  std::vector<std::string> seeds;  ///< small inputs from which others are made; all are accepted
};

}  // namespace nascent::fuzz
