// error: nascent: your Space needs `Architecture sample.Random&. const`
#include <nascent/space/constrained.hpp>

using namespace nascent;

struct Point {
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point&) { return ""; }
};

#ifdef NASCENT_COMPILE_FAIL
struct Mine {
  using Architecture = Point;
};
#else
struct Mine {
  using Architecture = Point;
  Point sample(Random&) const { return {}; }
};
#endif

Constrained<Mine> space;
