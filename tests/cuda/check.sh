#!/usr/bin/env bash
# check.sh kernels|trainer|cudnn NASCENT COMPILER...: what can be checked of CUDA without a GPU.
#   kernels  nvcc compiles every kernel for an H100, and no register is spilt
#   trainer  COMPILER compiles a training with the fast path
#   cudnn    COMPILER compiles the path through cuDNN
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
  for body in DepthwiseForward DepthwiseInputGradient DepthwiseWeightGradient; do
    for kernel in 3 5 7; do
      for stride in 1 2; do
        grep -q "entry function.*${body}ILi${kernel}ELi${stride}EE" "$scratch/log" ||
          { echo "$body for kernel $kernel and stride $stride was not compiled"; exit 1; }
      done
    done
  done
  for body in MakeBatch SumSquares SgdStep CountAnswers Moments FinishMoments FinishNormGradient ThroughNorm ThroughRelu \
    Activate Pool SumRows Pack; do
    grep -q "entry function.*[0-9]$body" "$scratch/log" || { echo "$body was not compiled"; exit 1; }
  done
  if grep -E '[1-9][0-9]* bytes spill' "$scratch/log"; then
    echo "a kernel spills registers"
    exit 1
  fi
  echo "$kernels kernels, no spills"
elif [[ $case == cudnn && ! -e $include/cudnn_graph.h ]]; then
  echo "skipped: there is no cuDNN in the CUDA Toolkit here"
else
  declare -A source=([trainer]=fast_training_test.cpp [cudnn]=cudnn_graph_test.cpp)
  [[ $case != cudnn ]] || set -- "$@" -DNASCENT_CUDNN
  "$@" -DNASCENT_CUDA -isystem "$include" -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-missing-field-initializers \
    -Werror -fsyntax-only "$nascent/tests/cuda/${source[$case]}"
fi
