#!/usr/bin/env bash
# What compiling Nascent costs: CPU seconds, each the least of RUNS (default 5), their ratio to <ranges> + <algorithm>,
# and the compiler's peak memory.
#   benchmarks/compile_time.sh            prints the table of docs/compile-time.md
#   benchmarks/compile_time.sh --json     the same as JSON
#   benchmarks/compile_time.sh --check    measures what has a limit, and fails where one is exceeded
set -euo pipefail
cd "$(dirname "$0")/.."
case ${1:-} in
  "" | --json | --check) mode=${1:-} ;;
  --help) sed -n '2,6s/^# //p' "$0"; exit ;;
  *) echo "compile_time: no option '$1'; say --json, --check or nothing" >&2; exit 2 ;;
esac
cxx=${CXX:-g++} runs=${RUNS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '#include <%s>\n' ranges algorithm > "$work/yardstick.cpp"

# compile FLAGS... FILE: sets used (user + system seconds) and kilobytes.
compile() {
  /usr/bin/time -o "$work/time" -f '%U %S %M' "$cxx" -std=c++20 -Iinclude "$@" 2> "$work/errors" ||
    { cat "$work/errors" >&2; exit 1; }
  read -r used kilobytes < <(awk 'END {print $1 + $2, $3}' "$work/time")
}

less() { awk -v a="$1" -v b="$2" 'BEGIN {print a < b ? a : b}'; }

# measure FLAGS... FILE: sets cpu (seconds of one compilation, the least of several), memory (MB), and yardstick (seconds
# for <ranges> + <algorithm>, in turn with it: a machine may be slower a minute later).
measure() {
  cpu=999 yardstick=999
  for ((i = 0; i < runs; ++i)); do
    compile -fsyntax-only "$work/yardstick.cpp"
    yardstick=$(less "$yardstick" "$used")
    compile "$@"
    cpu=$(less "$cpu" "$used")
  done
  memory=$((kilobytes / 1000))
}

# row WHAT BASE LIMIT: prints what was measured last, and its ratio to BASE, which may be LIMIT at most.
failed=0
separator=
row() {
  local ratio
  ratio=$(awk -v a="$cpu" -v b="$2" 'BEGIN {printf "%.1f", a / b}')
  if [ "$mode" = --json ]; then
    printf '%s\n  {"what": "%s", "cpu_seconds": %.2f, "ratio": %s, "limit": %s, "megabytes": %d}' \
      "$separator" "${1//\`/}" "$cpu" "$ratio" "${3:-null}" "$memory"
    separator=,
  else
    printf '| %-48s | %5.2f | %5s | %5s | %5d |\n' "$1" "$cpu" "$ratio" "${3:-}" "$memory"
  fi
  if [ -n "${3:-}" ] && awk -v r="$ratio" -v l="$3" 'BEGIN {exit !(r > l)}'; then failed=1; fi
}

includes() { printf '#include <%s>\n' "$@" > "$work/include.cpp"; measure -fsyntax-only "$work/include.cpp"; }

# A program that searches a space of so many operations, by so many strategies.
program() {
  local letters=abcdefghijklmnopqrstuvwxyzABCDEF list=
  {
    echo '#include <nascent/core.hpp>
#include <nascent/testing/landscape.hpp>
using namespace nascent;
template <char c> struct Op {
  static constexpr char letter = c;
  static constexpr std::string_view name = "op";
  static void describe(NetworkBuilder& net, LayerTarget t) {
    net.convolution({.channels = t.channels, .kernel = t.kernel, .stride = t.stride}).batch_norm().relu();
  }
};
template <int n> struct Walk {
  template <MacroMicroSpace Space> Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const {
    Judged<Space> best = co_await judge(space.start(), Move::start);
    for (int i = 0; i < n; ++i) {
      Judged<Space> next = co_await judge(space.deeper(best.architecture), Move::deeper);
      if (next.beats(best, 0)) best = next;
    }
    co_return best;
  }
};'
    for ((i = 0; i < $1; ++i)); do list+="${list:+, }Op<'${letters:i:1}'>"; done
    echo "using Space = ChainSpace<Depth<4, 40>, Width<8, 32, 2>, Operations<$list>, Kernels<3, 5>>;"
    echo 'int main() {'
    for ((i = 0; i < $2; ++i)); do
      echo "  Search<Walk<$i>, FixedEpochRanker, Space>{}.run(testing::Landscape{}, {.seed = 1});"
    done
    echo '}'
  } > "$work/program.cpp"
  measure -c "$work/program.cpp" -o "$work/program.o"
}

if [ "$mode" = --json ]; then
  printf '{"compiler": "%s", "rows": [' "$("$cxx" --version | head -n 1)"
else
  printf '| %-48s | CPU s | ratio | limit |    MB |\n| --- | --- | --- | --- | --- |\n' what
fi
includes ranges algorithm
row '`<ranges>` + `<algorithm>`' "$cpu"
includes nascent/core.hpp
row '`nascent/core.hpp`' "$yardstick" 3
measure -c examples/hello_search.cpp -o "$work/hello_search.o"
row '`examples/hello_search.cpp`, compiled' "$yardstick" 12
if [ "$mode" != --check ]; then
  measure -O2 -c examples/hello_search.cpp -o "$work/o"
  row '`examples/hello_search.cpp`, compiled, -O2' "$yardstick"
  includes nascent/space/enumerate.hpp
  row '`nascent/space/enumerate.hpp` (range-v3)' "$yardstick"
  includes nascent/run.hpp
  row '`nascent/run.hpp` (JSON, threads)' "$yardstick"
fi
program 2 1
two=$cpu
row 'a search over 2 operations (ratio to itself)' "$two"
if [ "$mode" != --check ]; then
  program 8 1
  row 'a search over 8 operations' "$two"
fi
program 32 1
row 'a search over 32 operations' "$two" 2
if [ "$mode" != --check ]; then
  for strategies in 5 20; do
    program 2 "$strategies"
    row "searches by $strategies strategies in one program" "$two"
  done
fi
symbol=$(nm "$work/hello_search.o" | awk 'length($NF) > most {most = length($NF)} END {print most}')
if [ "$mode" = --json ]; then
  printf '\n], "longest_symbol": %d}\n' "$symbol"
else
  printf '\nThe longest symbol of hello_search has %d characters.\n' "$symbol"
fi
if [ "$mode" = --check ] && [ "$failed" = 1 ]; then
  echo 'Compiling Nascent has become too expensive; g++ -ftime-report tells where.' >&2
  exit 1
fi
