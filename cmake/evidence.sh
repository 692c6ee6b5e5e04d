#!/usr/bin/env bash
# evidence.sh BUILD_FOLDER: the long runs behind what the pages claim; writes docs/evidence/engine.md, and stops with
# status 1 where a claim does not hold. EVIDENCE_KILLS (100) of a search with a made-up evaluator, and
# EVIDENCE_IMAGE_KILLS (10) of one on images.
set -euo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
kills=${EVIDENCE_KILLS:-100} image_kills=${EVIDENCE_IMAGE_KILLS:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$work/engine.md

# demo DIRECTORY [OPTION...]: one demo search on FashionMNIST, without what follows it.
demo=("$build/examples/search_images" --setting demo --search-only --run-dir)
demo() { "${demo[@]}" "$@" >>"$work/demo.log" 2>&1; }
# What two equal runs must share: every line without its times.
lines_of() { sed 's/,"seconds":[^,]*//' "$1/journal.jsonl"; }
require_equal() { cmp <(lines_of "$1") <(lines_of "$2") || { echo "evidence: $1 and $2 differ" >&2; exit 1; }; }
seconds() { date +%s.%N; }
calculate() { awk "BEGIN { printf \"%.2f\", $1 }"; }

{
  echo '# Evidence: the engine'
  echo
  echo "Written by \`make evidence\` on $(nproc) cores of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)."
  echo
  echo '**Kills.** `kill -9` at random moments, several in a row, until a run comes to its end; the journal is compared'
  echo 'with that of an undisturbed run, byte for byte.'
  echo
  echo '```'
  NASCENT_KILLS=$kills "$build/tests/program_tests" --gtest_filter='SearchToy.Killed*' | grep kills
} >"$out"

begin=$(seconds)
demo "$work/one"
one=$(calculate "$(seconds) - $begin")
begin=$(seconds)
demo "$work/two" --workers 2
two=$(calculate "$(seconds) - $begin")
require_equal "$work/one" "$work/two"

killed=0
while ((killed < image_kills)); do
  "${demo[@]}" "$work/killed" --workers 2 >>"$work/demo.log" 2>&1 &
  search=$!  # of the program itself: killing a shell around it would leave it alive
  sleep "$((2 + RANDOM % 3)).$((RANDOM % 10))"
  kill -9 "$search" 2>/dev/null || break  # it has come to its end
  killed=$((killed + 1))
  wait "$search" 2>/dev/null || true
done
demo "$work/killed" --workers 2
require_equal "$work/one" "$work/killed"

{
  echo "$killed kills within one demo search on images: the journal equal, times aside"
  echo '```'
  echo
  echo '**Two workers.** A whole demo search, `search_images --setting demo --search-only`, by the wall clock:'
  echo
  echo "one worker $one s, two workers $two s: $(calculate "$one / $two") times as fast, the same journal."
  echo
  echo '**Speculation**, simulated on the four published searches with epochs as time:'
  echo
  echo '```'
  for workers in 2 4 8; do
    "$build/examples/replay_published" --workers $workers tests/data/published/*-*.csv
  done
  echo '```'
  echo
  echo '**Cost of the engine**, candidates that take no time (Google Benchmark):'
  echo
  echo '```'
  "$build/benchmarks/replay_search" 2>/dev/null
  echo '```'
} >>"$out"
mkdir -p docs/evidence
mv "$out" docs/evidence/engine.md
echo "docs/evidence/engine.md is written"
