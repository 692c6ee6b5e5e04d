// InsightFace's .bin files of verification pairs: a Python pickle of images and answers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "nascent/data/data_error.hpp"
#include "nascent/data/read_text.hpp"

namespace nascent {

/// Pairs of images as files within a file: pair i is the images 2i and 2i + 1.
struct PairBin {
  /// The content of an image file, mostly JPEG; one that is there twice is shared.
  using File = std::shared_ptr<const std::vector<std::uint8_t>>;

  std::vector<File> images;  ///< two for each pair
  std::vector<bool> same;    ///< whether pair i shows one person
};

namespace detail {

/// Reads a pickle of exactly one form, the tuple of a list of byte strings and a list of booleans,
/// as Python 2 and 3 write it by the protocols 2 to 5. It knows the few instructions that this
/// needs and runs nothing: the one function that may be named, Python 3's way to write bytes by
/// protocol 2, is recognised by its name.
class PairUnpickler {
 public:
  PairUnpickler(std::span<const std::uint8_t> file, const std::string& name)
      : file_(file), name_(name) {}

  PairBin read() {
    if (byte() != 0x80 || file_.size() < 2 || file_[1] < 2 || file_[1] > 5)
      fail("it does not begin as a pickle of protocol 2 to 5");
    at_ = 2;
    for (;;) {
      instruction_ = at_;
      const std::uint8_t code = byte();
      if (code == '.') break;
      run(code);
    }
    if (at_ != file_.size()) fail("the file goes on after its end");
    return result();
  }

 private:
  enum class Kind { mark, bytes, text, boolean, list, tuple, encode };

  /// What the pickle builds. Lists and tuples hold places in `values_`.
  struct Value {
    Kind kind = Kind::mark;
    PairBin::File bytes{};             // of bytes and texts
    bool truth = false;                // of a boolean
    std::vector<std::size_t> items{};  // of a list or a tuple
  };

  [[noreturn]] void fail(const std::string& what) const {
    throw DataError(name_ + ", byte " + std::to_string(instruction_) + ": " + what +
                    "; give a .bin file of InsightFace, a pickle of (list of image files, list of "
                    "booleans)");
  }

  std::uint8_t byte() {
    if (at_ >= file_.size()) fail("the file ends early");
    return file_[at_++];
  }

  std::uint64_t number(int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= std::uint64_t{byte()} << (8 * i);
    return value;
  }

  std::span<const std::uint8_t> take(std::uint64_t length) {
    if (length > file_.size() - at_) fail("the file ends within a string");
    const auto part = file_.subspan(at_, static_cast<std::size_t>(length));
    at_ += part.size();
    return part;
  }

  std::string_view line() {
    const auto rest = file_.subspan(at_);
    const auto end = std::ranges::find(rest, '\n');
    if (end == rest.end()) fail("the file ends within a name");
    const auto text = take(static_cast<std::uint64_t>(end - rest.begin()));
    ++at_;
    return {reinterpret_cast<const char*>(text.data()), text.size()};
  }

  void push(Value value) {
    stack_.push_back(values_.size());
    values_.push_back(std::move(value));
  }

  void push_string(Kind kind, int length_bytes) {
    const auto content = take(number(length_bytes));
    push({kind, std::make_shared<const std::vector<std::uint8_t>>(content.begin(), content.end())});
  }

  std::size_t top() const {
    if (stack_.empty()) fail("a value is missing");
    return stack_.back();
  }

  std::size_t pop() {
    const std::size_t value = top();
    stack_.pop_back();
    return value;
  }

  /// What lies above the last mark, which goes too.
  std::vector<std::size_t> pop_to_mark() {
    std::vector<std::size_t> items;
    for (;;) {
      const std::size_t value = pop();
      if (values_[value].kind == Kind::mark) break;
      items.push_back(value);
    }
    std::ranges::reverse(items);
    return items;
  }

  std::string_view text_of(std::size_t place) const {
    const Value& value = values_[place];
    if (value.kind != Kind::text) fail("a text is missing");
    return {reinterpret_cast<const char*>(value.bytes->data()), value.bytes->size()};
  }

  void append(const std::vector<std::size_t>& items) {
    Value& list = values_[top()];
    if (list.kind != Kind::list) fail("something is appended to what is no list");
    for (const std::size_t item : items) {
      const Kind kind = values_[item].kind;
      if (kind != Kind::bytes && kind != Kind::boolean)
        fail("a list holds something else than image files or booleans");
      list.items.push_back(item);
    }
  }

  void remember(std::uint64_t place) { memo_[place] = top(); }

  void recall(std::uint64_t place) {
    const auto found = memo_.find(place);
    if (found == memo_.end()) fail("nothing is remembered under this number");
    stack_.push_back(found->second);
  }

  void name_function(std::string_view module, std::string_view function) {
    if (module != "_codecs" || function != "encode")
      fail("it asks for " + std::string(module.substr(0, 40)) + "." +
           std::string(function.substr(0, 40)) + ", which is not run");
    push({Kind::encode});
  }

  /// _codecs.encode(text, "latin1"): bytes, each written as the character of its number.
  void call() {
    const Value &arguments = values_[pop()], &function = values_[pop()];
    if (function.kind != Kind::encode || arguments.kind != Kind::tuple ||
        arguments.items.size() != 2 || text_of(arguments.items[1]) != "latin1")
      fail("it calls something");
    std::vector<std::uint8_t> bytes;
    const std::string_view text = text_of(arguments.items[0]);
    encoded_ += text.size();  // each text is encoded once
    if (encoded_ > file_.size()) fail("it encodes more than it holds");
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<std::uint8_t>(text[i]);
      if (c < 0x80) {
        bytes.push_back(c);
        continue;
      }
      const bool whole = (c == 0xc2 || c == 0xc3) && i + 1 < text.size() &&
                         (static_cast<std::uint8_t>(text[i + 1]) & 0xc0) == 0x80;
      if (!whole) fail("a text is no Latin-1");
      bytes.push_back(
          static_cast<std::uint8_t>((c & 3) << 6 | (static_cast<std::uint8_t>(text[++i]) & 0x3f)));
    }
    push({Kind::bytes, std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes))});
  }

  void run(std::uint8_t code) {
    switch (code) {
      case 0x95:
        number(8);
        return;  // the length of a frame, which only helps reading
      case ']':
        return push({Kind::list});
      case '(':
        return push({Kind::mark});
      case 'a':
        return append({pop()});
      case 'e':
        return append(pop_to_mark());
      case 'C':  // bytes of Python 3
      case 'U':
        return push_string(Kind::bytes, 1);  // str of Python 2
      case 'B':
      case 'T':
        return push_string(Kind::bytes, 4);
      case 0x8e:
        return push_string(Kind::bytes, 8);
      case 0x8c:
        return push_string(Kind::text, 1);
      case 'X':
        return push_string(Kind::text, 4);
      case 0x8d:
        return push_string(Kind::text, 8);
      case 0x88:
        return push({Kind::boolean, nullptr, true});
      case 0x89:
        return push({Kind::boolean, nullptr, false});
      case 't':
        return push({Kind::tuple, nullptr, false, pop_to_mark()});
      case 0x86: {
        const std::size_t second = pop(), first = pop();
        return push({Kind::tuple, nullptr, false, {first, second}});
      }
      case 'q':
        return remember(number(1));
      case 'r':
        return remember(number(4));
      case 0x94:
        return remember(memo_.size());
      case 'h':
        return recall(number(1));
      case 'j':
        return recall(number(4));
      case 'c': {
        const std::string_view module = line(), function = line();
        return name_function(module, function);
      }
      case 0x93: {
        const std::size_t function = pop(), module = pop();
        return name_function(text_of(module), text_of(function));
      }
      case 'R':
        return call();
      default:
        fail("an instruction that such a file does not need");
    }
  }

  PairBin result() const {
    const auto list = [&](std::size_t place, Kind kind, const char* what) {
      const Value& value = values_[place];
      const bool sound =
          value.kind == Kind::list && std::ranges::all_of(value.items, [&](std::size_t item) {
            return values_[item].kind == kind;
          });
      if (!sound) fail(std::string("it holds no list of ") + what);
      return value.items;
    };
    const Value& whole = values_[top()];
    if (stack_.size() != 1 || whole.kind != Kind::tuple || whole.items.size() != 2)
      fail("it holds something else than two lists");
    PairBin pairs;
    for (const std::size_t item : list(whole.items[0], Kind::bytes, "image files"))
      pairs.images.push_back(values_[item].bytes);
    for (const std::size_t item : list(whole.items[1], Kind::boolean, "booleans"))
      pairs.same.push_back(values_[item].truth);
    if (pairs.images.size() != 2 * pairs.same.size())
      fail("it holds " + std::to_string(pairs.images.size()) + " images for " +
           std::to_string(pairs.same.size()) + " pairs");
    return pairs;
  }

  std::span<const std::uint8_t> file_;
  const std::string& name_;
  std::size_t at_ = 0, instruction_ = 0, encoded_ = 0;
  std::vector<Value> values_;
  std::vector<std::size_t> stack_;
  std::map<std::uint64_t, std::size_t> memo_;
};

}  // namespace detail

/// Reads such a file from memory; DataError with the byte where it is of another form. `name`
/// stands for the file. Nothing of a pickle is executed.
inline PairBin parse_pair_bin(std::span<const std::uint8_t> file, const std::string& name) {
  return detail::PairUnpickler(file, name).read();
}

/// Reads such a file.
inline PairBin read_pair_bin(const std::filesystem::path& path) {
  const std::string bytes = read_text(path);
  return parse_pair_bin({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                        path.string());
}

}  // namespace nascent
