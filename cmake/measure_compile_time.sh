#!/usr/bin/env bash
# CPU seconds of compiling, each the least of RUNS (default 5), and their ratio to <ranges> + <algorithm>.
#   cmake/measure_compile_time.sh            prints the table of docs/compile-time.md
#   cmake/measure_compile_time.sh --check    fails where a limit of that page is exceeded
set -euo pipefail
cd "$(dirname "$0")/.."
cxx=${CXX:-g++} runs=${RUNS:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# seconds FLAGS... FILE: user + system time of one compilation, the least of several.
seconds() {
  local TIMEFORMAT='%U %S' least=999 used
  for ((i = 0; i < runs; ++i)); do
    used=$({ time "$cxx" -std=c++20 -Iinclude "$@" 2> "$work/errors"; } 2>&1 | awk '{print $1 + $2}') ||
      { cat "$work/errors" >&2; exit 1; }
    least=$(awk -v a="$least" -v b="$used" 'BEGIN {print a < b ? a : b}')
  done
  echo "$least"
}

includes() { printf '#include <%s>\n' "$@" > "$work/include.cpp"; seconds -fsyntax-only "$work/include.cpp"; }

yardstick=$(includes ranges algorithm)
failed=0
# row WHAT SECONDS [LIMIT]
row() {
  local ratio
  ratio=$(awk -v a="$2" -v b="$yardstick" 'BEGIN {printf "%.1f", a / b}')
  printf '| %-44s | %5.2f | %5s | %5s |\n' "$1" "$2" "$ratio" "${3:-}"
  if [ -n "${3:-}" ] && awk -v r="$ratio" -v l="$3" 'BEGIN {exit !(r > l)}'; then failed=1; fi
}

printf '| %-44s | CPU s | ratio | limit |\n| --- | --- | --- | --- |\n' what
row '`<ranges>` + `<algorithm>`' "$yardstick"
row '`nascent/core.hpp`' "$(includes nascent/core.hpp)" 3
row '`examples/hello_search.cpp`, compiled' "$(seconds -c examples/hello_search.cpp -o "$work/o")" 10
if [ "${1:-}" != --check ]; then
  row '`examples/hello_search.cpp`, compiled, -O2' "$(seconds -O2 -c examples/hello_search.cpp -o "$work/o")"
  row '`nascent/space/enumerate.hpp` (range-v3)' "$(includes nascent/space/enumerate.hpp)"
  row '`nascent/run.hpp` (JSON, threads)' "$(includes nascent/run.hpp)"
fi
if [ "${1:-}" = --check ] && [ "$failed" = 1 ]; then
  echo 'Including Nascent has become too expensive; g++ -ftime-report tells where.' >&2
  exit 1
fi
