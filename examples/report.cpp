// Makes the page of a run again, from what its directory holds.
//
//   report --run runs/first
//
// docs/reading-a-report.md says what each part of it means.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <nascent/report/run_page.hpp>
#include <string>

#include "program.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Makes report.html of a run, from its journal."};
  std::string run, out;
  app.add_option("--run", run, "run directory of a search")->required();
  app.add_option("--out", out, "file to write (default: report.html in the run directory)");
  return run_program(app, argc, argv, [&] {
    const std::string library = nascent::chart_library();
    if (out.empty()) out = (std::filesystem::path(run) / "report.html").string();
    nascent::detail::write_whole(out, nascent::page(nascent::read_run(run), library));
    std::printf("%s\n", out.c_str());
    if (library.empty())
      std::fprintf(stderr, "without charts: install Debian's package %s and run this again\n",
                   nascent::kChartPackage);
    return 0;
  });
}
