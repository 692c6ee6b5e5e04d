#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace nascent {

/// Debian's package of the library that draws a report's charts.
inline constexpr const char* kChartPackage = "libjs-chart.js";

/// Chart.js as it may stand in a script element, read from the file that NASCENT_CHART_JS names
/// or from where Debian's package has it; empty where it is not installed.
inline std::string chart_library() {
  std::vector<std::string> places{"/usr/share/javascript/chart.js/chart.min.js",
                                  "/usr/share/javascript/chart.js/Chart.min.js"};
  if (const char* own = std::getenv("NASCENT_CHART_JS")) places = {own};
  for (const std::string& place : places) {
    std::ifstream file(place, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    // What would end the element, or have a browser ask for a file.
    if (text.empty() || text.find("</script") != std::string::npos) continue;
    return text.substr(0, text.find("//# sourceMappingURL"));
  }
  return "";
}

}  // namespace nascent
