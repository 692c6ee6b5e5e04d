// write_seeds FOLDER: the first inputs of every target, as FOLDER/TARGET/seed-NUMBER.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "fuzz_seeds.hpp"

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("write_seeds: give one folder\n", stderr), 2;
  for (const nascent::fuzz::Target& target : nascent::fuzz::targets()) {
    const auto folder = std::filesystem::path(argv[1]) / target.name;
    std::filesystem::create_directories(folder);
    int number = 0;
    for (const std::string& seed : target.seeds)
      std::ofstream(folder / ("seed-" + std::to_string(++number)), std::ios::binary) << seed;
  }
}
