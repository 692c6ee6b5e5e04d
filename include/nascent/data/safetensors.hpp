// Named tensors in one file, in the safetensors form that Python reads and writes.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/read_text.hpp"

namespace nascent {

/// The contents of a .safetensors file: tensors by name, and texts by name (its metadata).
///
/// Form: eight bytes with the length of a JSON header, the header with the type, the shape and the
/// place of every tensor, then their values in row-major order, all little-endian
/// (https://github.com/huggingface/safetensors).
class Safetensors {
  static_assert(std::endian::native == std::endian::little,
                "values are stored as they lie in memory, which must be little-endian");

 public:
  /// One tensor of the file.
  struct Tensor {
    std::string dtype;                ///< F64, F32, F16, BF16, I64, I32, I16, I8, U8 or BOOL
    std::vector<std::int64_t> shape;  ///< extents, the last one running fastest
    std::vector<std::uint8_t> bytes;  ///< little-endian, in the type that `dtype` says

    /// How many numbers it has.
    std::int64_t size() const { return count(shape); }

    /// Numbers in a tensor of this shape; the shape is known to be sound.
    static std::int64_t count(std::span<const std::int64_t> shape) {
      std::int64_t product = 1;
      for (const std::int64_t extent : shape) product *= extent;
      return product;
    }
  };

  std::map<std::string, std::string> metadata;  ///< texts by name, kept in the file's header

  Safetensors() = default;

  /// Reads a file; DataError with its name and the byte where it is wrong.
  static Safetensors read(const std::filesystem::path& path) {
    const std::string bytes = read_text(path);
    return parse({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                 path.string());
  }

  /// The same from memory; `name` stands for the file in errors.
  static Safetensors parse(std::span<const std::uint8_t> file, const std::string& name) {
    return Reader{file, name}.read();
  }

  /// What it was read from; empty where it was made.
  const std::string& name() const { return name_; }

  /// All of them, by name.
  const std::map<std::string, Tensor>& tensors() const { return tensors_; }

  /// Whether there is a tensor of this name.
  bool contains(const std::string& name) const { return tensors_.contains(name); }

  /// DataError that names what is missing.
  const Tensor& at(const std::string& name) const {
    const auto found = tensors_.find(name);
    if (found == tensors_.end())
      throw DataError((name_.empty() ? "this set of tensors" : name_) + " has no tensor '" + name +
                      "'; give a file that belongs to this network");
    return found->second;
  }

  /// Values of a tensor of exactly this type, in row-major order; DataError where it has another.
  template <class T>
  std::vector<T> values(const std::string& name) const {
    const Tensor& tensor = at(name);
    if (tensor.dtype != dtype_of<T>())
      throw DataError((name_.empty() ? "this set of tensors" : name_) + ": the tensor '" + name +
                      "' is of type " + tensor.dtype + " where " + std::string(dtype_of<T>()) +
                      " is read; store it as that");
    std::vector<T> values(tensor.bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
    return values;
  }

  /// Adds a tensor, or replaces the one of that name.
  template <class T>
  void add(const std::string& name, std::vector<std::int64_t> shape, std::span<const T> values) {
    if (Tensor::count(shape) != static_cast<std::int64_t>(values.size()))
      throw std::invalid_argument("the tensor '" + name + "' has another shape than its values");
    Tensor tensor{std::string(dtype_of<T>()), std::move(shape), {}};
    tensor.bytes.resize(values.size_bytes());
    if (!values.empty()) std::memcpy(tensor.bytes.data(), values.data(), values.size_bytes());
    tensors_[name] = std::move(tensor);
  }

  /// The file's bytes: tensors in the order of their names.
  std::vector<std::uint8_t> bytes() const {
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : tensors_) {
      header[name] = {{"dtype", tensor.dtype},
                      {"shape", tensor.shape},
                      {"data_offsets", {offset, offset + tensor.bytes.size()}}};
      offset += tensor.bytes.size();
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');  // values begin at a multiple of eight
    const std::uint64_t length = text.size();
    std::vector<std::uint8_t> file(static_cast<std::size_t>(8 + length + offset));
    std::memcpy(file.data(), &length, sizeof length);
    std::memcpy(file.data() + 8, text.data(), text.size());
    std::uint8_t* to = file.data() + 8 + text.size();
    for (const auto& [name, tensor] : tensors_) to = std::ranges::copy(tensor.bytes, to).out;
    return file;
  }

  /// Writes the file whole or not at all, whoever else writes it at the same time.
  void write(const std::filesystem::path& path) const {
    const std::vector<std::uint8_t> content = bytes();
    const std::filesystem::path partial = partial_of(path);
    std::ofstream file(partial, std::ios::binary);
    file.write(reinterpret_cast<const char*>(content.data()),
               static_cast<std::streamsize>(content.size()));
    file.close();
    std::error_code error;
    if (file) std::filesystem::rename(partial, path, error);
    if (file && !error) return;
    std::filesystem::remove(partial, error);
    throw DataError(path.string() +
                    " cannot be written; check that its folder exists and that there is room");
  }

 private:
  /// A name beside `path` that no other writer has: none in this process, in another or on another
  /// machine.
  static std::filesystem::path partial_of(std::filesystem::path path) {
    static std::atomic<unsigned> written = 0;
    std::timespec now{};
    std::timespec_get(&now, TIME_UTC);
    path += "." + std::to_string(::getpid()) + "-" + std::to_string(written++) + "-" +
            std::to_string(now.tv_nsec) + ".partial";
    return path;
  }

  template <class T>
  static constexpr std::string_view dtype_of() {
    if constexpr (std::is_same_v<T, double>) return "F64";
    if constexpr (std::is_same_v<T, float>) return "F32";
    if constexpr (std::is_same_v<T, std::int64_t>) return "I64";
    if constexpr (std::is_same_v<T, std::int32_t>) return "I32";
    if constexpr (std::is_same_v<T, std::uint8_t>) return "U8";
  }

  /// Bytes of one value; 0 for an unknown type.
  static int width_of(std::string_view dtype) {
    constexpr std::pair<std::string_view, int> kWidths[] = {
        {"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"I64", 8},
        {"I32", 4}, {"I16", 2}, {"I8", 1},  {"U8", 1},   {"BOOL", 1}};
    for (const auto& [name, width] : kWidths)
      if (name == dtype) return width;
    return 0;
  }

  /// Everything a file says is checked before it is believed.
  struct Reader {
    std::span<const std::uint8_t> file;
    const std::string& name;

    using Json = nlohmann::json;
    static constexpr std::uint64_t kLongestHeader = 100'000'000;

    [[noreturn]] void fail(std::uint64_t byte, const std::string& what) const {
      throw DataError(name + ", byte " + std::to_string(byte) + ": " + what +
                      "; write or download the file again");
    }

    Safetensors read() const {
      if (file.size() < 8) fail(file.size(), "the file ends inside the length of its header");
      std::uint64_t length = 0;
      std::memcpy(&length, file.data(), sizeof length);
      if (length > kLongestHeader || length > file.size() - 8)
        fail(0, "the header is said to have " + std::to_string(length) + " bytes, the file has " +
                    std::to_string(file.size()));
      const auto text = file.subspan(8, static_cast<std::size_t>(length));
      const Json header = Json::parse(text.begin(), text.end(), nullptr, false);
      if (!header.is_object()) fail(8, "the header is not a JSON object");
      Safetensors set;
      set.name_ = name;
      std::vector<std::pair<std::uint64_t, std::uint64_t>> places;
      for (const auto& [key, value] : header.items())
        if (key == "__metadata__")
          read_metadata(value, set);
        else
          set.tensors_[key] = tensor(key, value, 8 + length, places);
      check_coverage(std::move(places), 8 + length);
      return set;
    }

    void read_metadata(const Json& value, Safetensors& set) const {
      if (!value.is_object()) fail(8, "__metadata__ is not an object of texts");
      for (const auto& [key, text] : value.items()) {
        if (!text.is_string()) fail(8, "__metadata__ holds something else than texts");
        set.metadata[key] = text.get<std::string>();
      }
    }

    Tensor tensor(const std::string& key, const Json& value, std::uint64_t begin,
                  std::vector<std::pair<std::uint64_t, std::uint64_t>>& places) const {
      const std::string who = "the tensor '" + key + "' ";
      if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") ||
          !value.contains("data_offsets") || !value["dtype"].is_string() ||
          !value["shape"].is_array() || !value["data_offsets"].is_array() ||
          value["data_offsets"].size() != 2)
        fail(8, who + "lacks its dtype, shape or data_offsets");
      Tensor tensor;
      tensor.dtype = value["dtype"].get<std::string>();
      std::int64_t bytes = width_of(tensor.dtype);
      if (bytes == 0) fail(8, who + "has the unknown type " + tensor.dtype);
      for (const Json& extent : value["shape"]) {
        if (!is_count(extent) || __builtin_mul_overflow(bytes, extent.get<std::int64_t>(), &bytes))
          fail(8, who + "has a shape that no tensor can have");
        tensor.shape.push_back(extent.get<std::int64_t>());
      }
      const Json &from = value["data_offsets"][0], &to = value["data_offsets"][1];
      if (!is_count(from) || !is_count(to)) fail(8, who + "has data_offsets that are no numbers");
      const auto first = from.get<std::uint64_t>(), last = to.get<std::uint64_t>();
      if (first > last || last > file.size() - begin)
        fail(begin, who + "reaches from byte " + std::to_string(first) + " to " +
                        std::to_string(last) + " of the " + std::to_string(file.size() - begin) +
                        " bytes of values");
      if (last - first != static_cast<std::uint64_t>(bytes))
        fail(begin + first, who + "has " + std::to_string(last - first) +
                                " bytes where its shape needs " + std::to_string(bytes));
      const auto part = file.subspan(static_cast<std::size_t>(begin + first),
                                     static_cast<std::size_t>(last - first));
      tensor.bytes.assign(part.begin(), part.end());
      places.emplace_back(first, last);
      return tensor;
    }

    static bool is_count(const Json& number) {
      return number.is_number_unsigned() && number.get<std::uint64_t>() <= std::uint64_t{1} << 62;
    }

    /// No byte may belong to two tensors or to none.
    void check_coverage(std::vector<std::pair<std::uint64_t, std::uint64_t>> places,
                        std::uint64_t begin) const {
      std::ranges::sort(places);
      std::uint64_t reached = 0;
      for (const auto& [first, last] : places) {
        if (first != reached)
          fail(begin + std::min(first, reached), first < reached
                                                     ? "two tensors share these bytes"
                                                     : "these bytes belong to no tensor");
        reached = last;
      }
      if (begin + reached != file.size())
        fail(begin + reached, "the file goes on after its last tensor");
    }
  };

  std::map<std::string, Tensor> tensors_;
  std::string name_;
};

}  // namespace nascent
