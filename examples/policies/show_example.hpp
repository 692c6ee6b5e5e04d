// What the programs of this folder do: run one example by its name.
#pragma once

#include <cstdio>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "../program.hpp"

struct Example {
  std::string_view name;
  void (*show)();
};

inline int show_example(const char* title, std::span<const Example> examples, int argc,
                        char** argv) {
  CLI::App app(title);
  std::string name;
  app.add_option("name", name,
                 "of the policy, as its source is called; without it, all are listed");
  return run_program(app, argc, argv, [&] {
    std::string listed;
    for (const Example& example : examples) {
      if (example.name == name) {
        example.show();
        return 0;
      }
      listed += (listed.empty() ? "" : ", ") + std::string(example.name);
    }
    if (!name.empty())
      throw std::invalid_argument("no policy '" + name + "'; choose one of " + listed);
    std::puts(listed.c_str());
    return 0;
  });
}
