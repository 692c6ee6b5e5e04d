#!/bin/sh
# check_code.sh FILE.md COMPILER...: every ```cpp block of the page that is a program or a declaration compiles. A block
# without an #include gets Nascent's; one that leaves something out by `...` is an illustration.
page=$1
shift
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
awk -v work="$work" '
  /^```cpp/ { inside = 1; file = sprintf("%s/%02d.cpp", work, ++n); next }
  /^```/ { inside = 0 }
  inside { print > file }' "$page"
checked=0
for block in "$work"/*.cpp; do
  if grep -q '^ *\.\.\.$' "$block"; then continue; fi
  if ! grep -q '#include' "$block"; then
    if ! grep -q '^struct\|^template' "$block"; then continue; fi  # statements, shown out of a function
    { printf '#include <nascent/run.hpp>\nusing namespace nascent;\n'; cat "$block"; } > "$block.cpp"
    block=$block.cpp
  fi
  if ! "$@" -fsyntax-only "$block"; then
    echo "$page: this block does not compile:"
    cat "$block"
    exit 1
  fi
  checked=$((checked + 1))
done
echo "$checked blocks of $page compile"
[ "$checked" -gt 0 ]
