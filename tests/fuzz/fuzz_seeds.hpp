// The targets with small inputs that each of them accepts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../data/idx_files.hpp"
#include "../data/picture_files.hpp"
#include "fuzz_targets.hpp"
#include "nascent/space/sep_conv_space.hpp"

namespace nascent::fuzz {

inline std::string small_safetensors() {
  Safetensors set;
  set.metadata["epoch"] = "3";
  const std::vector<float> weights{1, 2, 3, 4, 5, 6};
  const std::vector<std::int64_t> steps{7};
  set.add("conv.weight", {3, 2}, std::span(weights));
  set.add("steps", {}, std::span(steps));
  const std::vector<std::uint8_t> bytes = set.bytes();
  return {bytes.begin(), bytes.end()};
}

/// A grey JPEG of 8x8 pixels with one Huffman code of each kind.
inline std::string tiny_jpeg() {
  const std::string start("\xff\xd8", 2);
  const std::string quantisation = std::string("\xff\xdb\x00\x43\x00", 5) + std::string(64, 1);
  const std::string frame("\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00", 13);
  const auto code = [](char table) {  // one code word, `0`, which stands for 0
    return std::string("\xff\xc4\x00\x14", 4) + table + '\x01' + std::string(15, 0) + '\0';
  };
  const std::string scan("\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", 10);
  const std::string end("\x3f\xff\xd9", 3);
  return start + quantisation + frame + code('\0') + code('\x10') + scan + end;
}

inline const char* small_arch_json() {
  return R"({"in_channels": 3, "classes": 10, "width": 8, "depth": 3,
"ops": ["conv", "sep_conv", "conv"], "kernels": [3, 5, 7], "epochs": 3, "steps_per_epoch": 1,
"batch": 64, "lr": 0.025, "momentum": 0.9, "weight_decay": 0.0003, "grad_clip": 5.0,
"parameters": 29090})";
}

inline const char* small_journal() {
  return R"({"event":"header","format":2,"options":{"ranker.start":"10"},"seed":1,"protocol":"ab"}
{"event":"trial","number":0,"stage":"grow","architecture":"d3 w8 ops=sss kernels=333","epochs":2,"seed":"fb77bbbeee025663","correct":90,"images":100,"train_correct":91,"train_images":100,"epochs_run":2,"seconds":0.5,"failure":"","machine":"cpu avx2"}
{"event":"trial","number":1,"stage":"grow","architecture":"d3 w8 ops=sss kernels=333","epochs":2,"seed":"fb77bbbeee025663","correct":0,"images":0,"train_correct":0,"train_images":0,"epochs_run":0,"seconds":0,"failure":"a \"hole\"","same_as":0}
{"event":"tr)";
}

inline const char* small_table() {
  return "# of cells\ncode,accuracy, \"params\"\n433323,91.2,0.4\n\"230022\", 84 ,-1e-3\n";
}

inline std::string small_network() {
  SepConvSpace space;
  space.fit_to({{3, 8, 8}, 10});
  return to_string(space.describe(parse_architecture("d3 w4 ops=scs kernels=353")));
}

inline const std::vector<Target>& targets() {
  static const Scratch scratch;
  static const std::vector<Target> all{
      {"idx_images",
       idx_images,
       {nascent::idx_images(3), compressed(scratch, nascent::idx_images(40, 4, 4))}},
      {"idx_labels",
       idx_labels,
       {nascent::idx_labels(9, 5), compressed(scratch, nascent::idx_labels(90, 10))}},
      {"cifar",
       cifar,
       {std::string(1, 0) + std::string(3073, 7), std::string(1, 1) + std::string(2 * 3074, 9)}},
      {"picture",
       picture,
       {tiny_png('x'), tiny_jpeg(), "P5\n# grey\n3 2 255\nabcdef", "P2 2 2 9 1 2 3 4"}},
      {"safetensors", safetensors, {small_safetensors()}},
      {"arch_json", arch_json, {small_arch_json()}},
      {"journal", journal, {small_journal()}},
      {"architecture", architecture, {"d4 w16 ops=sscs kernels=3353", "d3 w1 ops=abc kernels=111"}},
      {"table", table, {small_table()}},
      {"network", network, {small_network()}},
      {"pair_bin",
       pair_bin,
       {read_file(NASCENT_TEST_DATA "/face/pairs-protocol2.bin"),
        read_file(NASCENT_TEST_DATA "/face/pairs-protocol4.bin")}},
      {"pairs", pairs, {"2\t1\nAda\t1\t2\nAda\t1\tBo\t3\nBo\t1\t2\nBo\t4\tAda\t5\n"}},
      {"scores", scores, {"label,score\n1,0.5\n0,nan\n", "probe,score,label\r\na,-1e-3,0\r\n"}},
  };
  return all;
}

}  // namespace nascent::fuzz
