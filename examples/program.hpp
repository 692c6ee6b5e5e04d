// What every example program does alike: options, errors of one line, exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

/// Of an option for a seed: CLI11 alone reads -1 as a number of twenty digits.
inline CLI::Validator is_seed() {
  return {[](std::string& text) {
            return text.find('-') == text.npos ? std::string()
                                               : "a seed is a whole number from 0, not " + text;
          },
          ""};
}

/// A member that the library names, as this program's user gives it: `depth.min` is `--depth-min`
/// where there is such an option.
inline std::string with_options_of(const CLI::App& app, std::string text) {
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) {
      if (name.find('-') == name.npos) continue;
      std::string member = "`" + name + "`";
      std::replace(member.begin(), member.end(), '-', '.');
      for (auto at = text.find(member); at != text.npos; at = text.find(member, at + 1))
        text.replace(at, member.size(), "`--" + name + "`");
    }
  return text;
}

/// Parses the options and runs `body`, which returns the exit code. Wrong options and bad input
/// give one line on standard error and exit code 2.
template <class Body>
int run_program(CLI::App& app, int argc, char** argv, Body&& body) {
  const auto refuse = [&](const std::string& what) {
    std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), what.c_str());
    return 2;
  };
  const std::string program = argc > 0 ? argv[0] : "nascent";
  app.name(program.substr(program.find_last_of('/') + 1));
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help
    return app.exit(done);
  } catch (const CLI::ParseError& error) {
    return refuse(std::string(error.what()) + " (--help lists the options)");
  }
  try {
    return std::forward<Body>(body)();
  } catch (const std::exception& error) {
    return refuse(with_options_of(app, error.what()));
  }
}
