#!/bin/sh
# check_code.sh FILE.md HAVE COMPILER...: every ```cpp block of the page compiles. HAVE names what else than core and data
# there is: torch, mpi, both ("torch,mpi") or "-"; blocks that need another are left out, and said so.
#
# The blocks are one translation unit, each in a namespace of its own that sees those before, their #includes first; errors name the page and its
# line. Statements stand in a function that has `search`, `evaluator`, `options`, `argc` and `argv`; statements that await
# stand in a strategy, which has `space`, `judge`, `random` and `best`. A line `...` is what the page leaves out.
page=$1
have=$2
shift 2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
awk -v page="$page" -v have="$have" -v includes="$work/includes" -v code="$work/code" '
  function finish() {
    if (text ~ /Mpi/ && have !~ /mpi/ || text ~ /at::|[tT]orch/ && have !~ /torch/ || wanted ~ /torch|nascent\/nascent.hpp|nascent\/train\// && have !~ /torch/) {
      print page ":" start ": left out, for want of LibTorch or MPI"
      return
    }
    printf "%s", wanted > includes
    if (text ~ /Mpi/) print "#include <nascent/search/executor/mpi.hpp>" > includes
    if (text ~ /at::/) print "#include <nascent/train/recipe.hpp>" > includes
    before = after = ""
    if (text !~ /(^|\n)(struct|template|int main|TEST|std::[a-z_:<>]+ [a-z_]+\()/) {
      if (text ~ /co_await/) {
        before = "struct Shown { template <MorphSpace Space> Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const { Random random = judge.random(\"\"); Judged<Space> best = co_await judge(space.seedling(random), Move::sample);"
        after = "co_return best; } };"
      } else {
        before = "int shown(int argc, char** argv) { Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace> search; testing::Landscape evaluator; SearchOptions options; (void)argc, (void)argv; {"
        after = "} return 0; }"
      }
    }
    printf "namespace block_%d {\nusing namespace nascent;\n%s%s\n#line %d \"%s\"\n%s%s\n}\n", ++blocks, earlier, before, start + 1, page, text, after > code
    earlier = earlier "using namespace block_" blocks ";\n"
  }
  /^```cpp/ { inside = 1; start = NR; text = wanted = ""; next }
  /^```/ { if (inside) finish(); inside = 0 }
  inside && /^ *#include/ { wanted = wanted $0 "\n"; text = text "\n"; next }
  inside && /^ *\.\.\.$/ { text = text "\n"; next }
  inside { text = text $0 "\n" }
  END { print blocks + 0 > (includes ".count") }' "$page"
count=$(cat "$work/includes.count")
[ "$count" -gt 0 ] || { echo "$page has no block that can be compiled here"; exit 0; }
{ printf '#include <nascent/run.hpp>\n#include <nascent/testing/landscape.hpp>\n'; cat "$work/includes" "$work/code"; } > "$work/page.cpp"
"$@" -fsyntax-only -Wno-return-type "$work/page.cpp" || { echo "$page: a block does not compile"; exit 1; }
echo "$count blocks of $page compile"
