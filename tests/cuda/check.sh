#!/usr/bin/env bash
# check.sh kernels|trainer NASCENT COMPILER...: what can be checked of CUDA without a GPU.
#   kernels  nvcc compiles the kernels for an H100, and no register is spilt
#   trainer  COMPILER compiles a training with the fast path
set -euo pipefail
case=$1 nascent=$2
shift 2

nvcc=$(command -v nvcc || ls "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" 2>/dev/null) || {
  echo "skipped: there is no nvcc here"
  exit 0
}
include=$(dirname "$(dirname "$(readlink -f "$nvcc")")")/include
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if [[ $case == kernels ]]; then
  "$nvcc" -std=c++20 -O3 --expt-relaxed-constexpr -gencode arch=compute_90,code=sm_90 -Xptxas=-v -Werror all-warnings \
    -I "$nascent/include" -c "$nascent/include/nascent/cuda/kernels.cu" -o "$scratch/kernels.o" 2>"$scratch/log" ||
    { cat "$scratch/log"; exit 1; }
  kernels=$(grep -c 'Compiling entry function' "$scratch/log")
  ((kernels >= 25)) || { echo "only $kernels kernels were compiled"; exit 1; }
  if grep -E '[1-9][0-9]* bytes spill' "$scratch/log"; then
    echo "a kernel spills registers"
    exit 1
  fi
  echo "$kernels kernels, no spills"
else
  "$@" -DNASCENT_CUDA -isystem "$include" -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-missing-field-initializers \
    -Werror -fsyntax-only "$nascent/tests/cuda/fast_training_test.cpp"
fi
