#!/usr/bin/env bash
# evidence_strategies.sh BUILD_FOLDER: runs every strategy on tables of trained networks, compares with check numbers
# from elsewhere, and writes docs/strategies.md; stops with status 1 where a strategy does not find what it should.
set -euo pipefail
program=$(cd "$1" && pwd)/examples/tabular_benchmark
cd "$(dirname "$0")/.."
runs=500
tables=tests/data/tables
C10="--space nasbench201 --table $tables/nasbench201-cifar10.csv --metric validation_accuracy"
SCENE="--space transnas-macro --table $tables/transnas101-macro-class_scene.csv --metric validation_score"
out=$(mktemp)
trap 'rm -f "$out"' EXIT
failed=0

calculate() { awk "BEGIN { printf \"%.3f\", $1 }"; }
field() { sed -n "s/^  \"$1\": \([^,]*\),\?$/\1/p" <<<"$json"; }

# measure TABLE EVALUATIONS STRATEGY [OPTION...]: leaves what the program says in `json`.
measure() {
  local table=$1 evaluations=$2 strategy=$3
  shift 3
  # shellcheck disable=SC2086 # the arguments of a table are words
  json=$("$program" ${!table} --strategy "$strategy" "$@" --evaluations "$evaluations" --runs $runs --json 2>/dev/null)
}

# judge DIFFERENCE BOUND WHAT: sets `verdict`, by the awk condition WHAT on d and b.
judge() {
  verdict=met
  if ! awk "BEGIN { d = $1; b = $2; exit !($3) }"; then verdict='**not met**' failed=1; fi
}

# check TABLE EVALUATIONS MEAN SD STRATEGY [OPTION...]: a line of the page. MEAN and SD are of 1,000 runs elsewhere.
check() {
  local table=$1 evaluations=$2 mean=$3 sd=$4 strategy=$5
  shift 5
  measure "$table" "$evaluations" "$strategy" "$@"
  local bound difference
  bound=$(calculate "3 * $sd * sqrt(1 / $runs + 1 / 1000)")
  difference=$(calculate "$(field mean) - $mean")
  judge "$difference" "$bound" "d <= b && d >= -b"
  printf '| %s | %s | %s | %s +- %s | %.3f +- %.3f | %s | +-%s | %s |\n' "$strategy${*:+ $*}" "$table" "$evaluations" \
    "$mean" "$sd" "$(field mean)" "$(field sd)" "$difference" "$bound" "$verdict"
}

# at_least TABLE EVALUATIONS MEAN STRATEGY: the same for a MEAN of 200 runs elsewhere, which is to be reached.
at_least() {
  measure "$1" "$2" "$4"
  local bound difference
  bound=$(calculate "3 * $(field sd) * sqrt(1 / $runs + 1 / 200)")
  difference=$(calculate "$(field mean) - $3")
  judge "$difference" "$bound" "d >= -b"
  printf '| %s | %s | %s | at least %s | %.3f +- %.3f | %s | -%s | %s |\n' "$4" "$1" "$2" "$3" "$(field mean)" \
    "$(field sd)" "$difference" "$bound" "$verdict"
}

{
  cat <<END
# Strategies, checked on tables of trained networks

Written by \`make evidence\`. Each line is

    tabular_benchmark TABLE --strategy STRATEGY --evaluations N --runs $runs

with for TABLE one of

    C10:   $C10
    SCENE: $SCENE

The reference is the mean and the standard deviation over 1,000 runs of another implementation, of the best validation
accuracy after N distinct evaluations; with "at least", the mean of 200 runs. A check is met when the means differ by no
more than 3 sd sqrt(1/$runs + 1/1000), with "at least" when ours is lower by no more than 3 sd sqrt(1/$runs + 1/200).

| strategy | table | N | reference | measured | difference | bound | check |
| --- | --- | --- | --- | --- | --- | --- | --- |
END
  check C10 10 89.705 .704 random
  check C10 50 90.522 .411 random
  check C10 100 90.753 .306 random
  check C10 200 90.924 .241 random
  check SCENE 50 56.364 .350 random
  check SCENE 100 56.562 .303 random
  check C10 50 90.812 .441 aging_evolution
  check C10 100 91.158 .281 aging_evolution
  check C10 200 91.351 .166 aging_evolution
  check C10 100 91.300 .217 aging_evolution --population 30 --sample 10
  check SCENE 50 56.495 .389 aging_evolution
  check SCENE 100 56.762 .288 aging_evolution
  check C10 50 91.099 .397 local_search
  check C10 100 91.322 .221 local_search
  check C10 200 91.449 .128 local_search
  check C10 25 90.784 .654 coordinate_sweep
  at_least C10 50 91.05 tpe
  at_least C10 100 91.30 tpe
  at_least C10 200 91.43 tpe
  cat <<END

For these there is no reference:

| strategy | table | N | measured |
| --- | --- | --- | --- |
END
  for strategy in reinforce bayesian_optimisation; do
    for evaluations in 50 100 200; do
      measure C10 $evaluations $strategy
      printf '| %s | C10 | %s | %.3f +- %.3f |\n' $strategy $evaluations "$(field mean)" "$(field sd)"
    done
  done
  least=1000
  for _ in 1 2 3 4 5; do
    measure C10 100 aging_evolution
    least=$(calculate "$(field seconds) < $least ? $(field seconds) : $least")
  done
  cat <<END

$runs searches of 100 evaluations of C10 by aging_evolution, one after another, take $least s: the least of five measurements
on one core of $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1).
END
} >"$out"
cat "$out" >docs/strategies.md
echo "docs/strategies.md is written"
exit $failed
