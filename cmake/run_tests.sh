#!/bin/sh
# run_tests.sh BUILD_FOLDER [CTEST_OPTION...]: runs the tests; the last line it prints is `N passed, N failed, N skipped`.
build=$(cd "$1" && pwd) || exit 1
shift
report=$build/tests.xml
rm -f "$report"
export CTEST_PARALLEL_LEVEL="${CTEST_PARALLEL_LEVEL:-$(nproc)}"
# As many tests as cores, each on one: LibTorch's threads would wait for each other in loops, minutes where a second does.
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
ctest --test-dir "$build" --output-on-failure --no-tests=error --output-junit "$report" "$@"
status=$?
[ -s "$report" ] || exit 1  # no test was there to run, or ctest did not start: it has said so

# Why the skipped ones were: GoogleTest says it in the line after "Skipped", a script after "skipped: ".
awk '
  /^\t<testcase / { split($0, parts, "\""); name = parts[2]; skipped = 0 }
  /^\t\t<skipped message="SKIP_/ { skipped = 1 }
  skipped && /skipped: / { sub(/.*skipped: /, ""); sub(/<\/system-out>.*/, ""); print "skipped: " name ": " $0; skipped = 0 }
  skipped && told { print "skipped: " name ": " $0; skipped = 0 }
  { told = /: Skipped$/ }' "$report"

# A test that asks to be skipped is skipped; one that could not start, for want of its program say, has failed.
awk '
  /^\t<testcase / { tests++ }
  /^\t<testcase .* status="run">/ { passed++ }
  /^\t\t<skipped message="SKIP_/ { skipped++ }
  END { printf "%d passed, %d failed, %d skipped\n", passed, tests - passed - skipped, skipped }' "$report"
exit $status
