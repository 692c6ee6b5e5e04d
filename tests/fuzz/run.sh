#!/bin/sh
# run.sh BUILD_FOLDER SECONDS: every fuzzer for so long, from the inputs of earlier runs. An input that is not answered
# soundly is kept in BUILD_FOLDER/fuzz, is named, and ends this script with status 1.
build=$1 seconds=$2 failed=0
work=$build/fuzz
mkdir -p "$work" && "$build/tests/fuzz/write_seeds" "$work/corpus" || exit 1
for fuzzer in "$build"/tests/fuzz/fuzz_*; do
  case $fuzzer in *.*) continue ;; esac
  name=${fuzzer##*/fuzz_}
  mkdir -p "$work/found"
  if "$fuzzer" -max_total_time="$seconds" -max_len=8192 -rss_limit_mb=4096 -malloc_limit_mb=2048 -timeout=60 \
    -print_final_stats=1 -verbosity=0 -artifact_prefix="$work/found/$name-" "$work/corpus/$name" \
    > "$work/$name.log" 2>&1; then
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log") inputs, nothing found"
  else
    failed=1
    echo "$name: FOUND SOMETHING, see $work/$name.log"
    grep -E 'SUMMARY|Test unit written to' "$work/$name.log"
  fi
done
exit $failed
