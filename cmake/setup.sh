#!/usr/bin/env bash
# Installs what a build of Nascent needs and this machine lacks; where it cannot, one sentence says what to do.
#   setup.sh core    compiler, CMake, libraries: all that needs no LibTorch
#   setup.sh torch   these, LibTorch and the FashionMNIST images
#   setup.sh cuda    these with LibTorch's CUDA part, in the PyTorch of `setup.sh python` where that is there
#   setup.sh fuzz    those of core, and clang with libFuzzer
#   setup.sh python  PyTorch, onnxruntime and TensorBoard of Python, which tests of exports run; they are skipped without
#   setup.sh checks  clang 19 and Chromium, a second compiler and a browser for tests, which are skipped without
#   setup.sh docs    what builds the documentation, and no compiler
# NASCENT_TORCH_ROOT names a LibTorch of your own. NASCENT_TORCH_CUDA=0|1 leaves out or brings in LibTorch's CUDA part;
# without it, a GPU decides. NASCENT_PYTHON names a folder with Python packages of your own; where it is set, to nothing
# even, none are installed.
set -euo pipefail

torch_version=2.11.0
torch_wheels=(torch==2.11.0)
# libtorch_cpu of the only Linux wheel that PyPI has needs these two; the rest is for its CUDA part.
cpu_wheels=(nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85)
cuda_wheels=('cuda-toolkit[cublas,cudart,cufft,cufile,cupti,curand,cusolver,cusparse,nvjitlink,nvrtc,nvtx]==13.0.2'
  nvidia-cudnn-cu13==9.19.0.56 nvidia-cusparselt-cu13==0.8.0 nvidia-nccl-cu13==2.28.9 nvidia-nvshmem-cu13==3.4.5)
# What the tests of exports run. PyTorch comes whole, since it does not start without its CUDA libraries.
python_wheels=(torch==2.11.0 safetensors==0.8.0 onnx==1.23.2 onnxruntime==1.32.0 tensorboard==2.21.0)

cache=${XDG_CACHE_HOME:-$HOME/.cache}/nascent
home=$cache/torch-$torch_version
python_home=$cache/python
log=$cache/setup.log

fail() {
  echo "setup: $*" >&2
  exit 1
}

# attempt ADVICE COMMAND...: the command's own words go to the log; a failure quotes the last of them.
attempt() {
  local advice=$1 reason
  shift
  if ! "$@" >>"$log" 2>&1; then
    reason=$({ grep -E '^(E:|ERROR:)' "$log" || cat "$log"; } | tail -n 1)
    fail "$advice ($reason); all of its output is in $log."
  fi
}

missing=()
# need PACKAGE PROBE: a header, a data file or a command shows that the package, or what it would bring, is there.
need() {
  case $2 in
    /*) [[ -e $2 ]] ;;
    *.h | *.hpp) [[ -e /usr/include/$2 || -e /usr/local/include/$2 ]] ;;
    *) command -v "$2" >/dev/null ;;
  esac || missing+=("$1")
}

install_packages() {
  command -v apt-get >/dev/null ||
    fail "there is no apt-get here to install these packages (Debian's names): ${missing[*]}; install them, then run this again."
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "root or sudo is needed to install Debian packages: have \`apt-get install ${missing[*]}\` done, then run this again."
    as_root=(sudo)
  fi
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=300)
  local advice="apt-get could not install ${missing[*]}: check the network and the free disk space, then run this again"
  attempt "$advice" "${apt[@]}" update
  local i
  for i in "${!missing[@]}"; do
    [[ ${missing[i]} != libboost-dev ]] || missing[i]=$(newest_boost)
  done
  echo "setup: installing Debian packages: ${missing[*]}"
  attempt "$advice" "${apt[@]}" install --no-install-recommends "${missing[@]}"
}

# Debian 12's libboost-dev is Boost 1.74, but it has 1.81 too; Ubuntu 24.04 has 1.83.
newest_boost() {
  apt-cache pkgnames libboost1. | grep -E '^libboost1\.[0-9]+-dev$' | sort -V | tail -n 1 | grep . || echo libboost-dev
}

wants_cuda() {
  case ${NASCENT_TORCH_CUDA:-} in
    0) return 1 ;;
    1) return 0 ;;
    *) [[ -e /dev/nvidia0 ]] || nvidia-smi -L >/dev/null 2>&1 ;;
  esac
}

torch_is_there() {
  if [[ -n ${NASCENT_TORCH_ROOT:-} ]]; then
    [[ -e $NASCENT_TORCH_ROOT/lib/libtorch_cpu.so || -e $NASCENT_TORCH_ROOT/torch/lib/libtorch_cpu.so ]] ||
      fail "NASCENT_TORCH_ROOT is '$NASCENT_TORCH_ROOT', which holds no LibTorch: correct it, or unset it and run this again."
    return 0
  fi
  if [[ -e $home/torch/lib/libtorch_cpu.so ]]; then
    ! wants_cuda || [[ -e $home/nvidia/cudnn ]]
    return
  fi
  # A torch of python3's that is new enough serves as well; FindNascentTorch.cmake looks there too.
  local version
  version=$(python3 - 2>/dev/null <<'PYTHON'
import importlib.util, os
folder = os.path.dirname(importlib.util.find_spec("torch").origin)
assert os.path.exists(folder + "/lib/libtorch_cpu.so")
exec(open(folder + "/version.py").read())
print(__version__)
PYTHON
  ) || return 1
  [[ $(printf '%s\n' 2.11 "$version" | sort -V | head -n 1) == 2.11 ]]
}

# python_with_pip PYTHON...: the first of them that has pip.
python_with_pip() {
  local python
  for python in "$@"; do
    "$python" -m pip --version >/dev/null 2>&1 && echo "$python" && return
  done
  return 1
}

install_torch() {
  mkdir -p "$cache" 2>/dev/null || fail "$cache cannot be made, where LibTorch belongs: set XDG_CACHE_HOME to a folder you may write to."
  exec 9>"$cache/setup.lock"
  flock 9  # of two set-ups at once, the second waits and finds all done
  torch_is_there && return
  local gigabytes=3 what="LibTorch $torch_version"
  wants_cuda && gigabytes=10 what+=" with CUDA"
  (($(df -Pk "$cache" | awk 'END { print $4 }') >= gigabytes * 1000000)) ||
    fail "$what needs $gigabytes GB in $cache, which has less: free some space, or set XDG_CACHE_HOME to another folder."
  rm -rf "$cache"/partial.*  # left by a set-up that was killed: the lock says that none is at work
  partial=$(mktemp -d "$cache/partial.XXXXXX")
  trap 'rm -rf "$partial" 2>/dev/null || true' EXIT
  mkdir "$partial/tmp"
  echo "setup: downloading $what to $home"
  # PIP_USER and PIP_REQUIRE_VIRTUALENV are settings of the user's that would forbid --target.
  local pip=(env TMPDIR="$partial/tmp" PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 "$(python_with_pip /usr/bin/python3 python3)" -m pip install
    --no-compile --no-cache-dir --disable-pip-version-check --progress-bar off --target "$partial/torch")
  local advice="pip could not install $what: check the network and the free disk space, then run this again"
  if wants_cuda; then
    attempt "$advice" "${pip[@]}" --no-deps "${torch_wheels[@]}"
    attempt "$advice" "${pip[@]}" "${cuda_wheels[@]}"
  else
    attempt "$advice" "${pip[@]}" --no-deps "${torch_wheels[@]}" "${cpu_wheels[@]}"
  fi
  rm -rf "$home"
  mv "$partial/torch" "$home"  # only a whole LibTorch ever has this name
}

# Best effort: what cannot be installed is said, and the tests that need it are skipped.
install_python() {
  [[ -z ${NASCENT_PYTHON+set} ]] || return 0
  local python without="the tests of exports in Python will be skipped"
  python=$(python_with_pip python3 /usr/bin/python3) || { echo "setup: python3 has no pip, so $without." && return; }
  mkdir -p "$cache" 2>/dev/null || { echo "setup: $cache cannot be made, so $without." && return; }
  exec 9>"$cache/setup.lock"
  flock 9
  [[ $(cat "$python_home/wheels" 2>/dev/null) != "${python_wheels[*]}" ]] || return 0
  (($(df -Pk "$cache" | awk 'END { print $4 }') >= 8000000)) ||
    { echo "setup: $cache has less than the 8 GB that Python's PyTorch needs, so $without." && return; }
  rm -rf "$cache"/partial.*
  partial=$(mktemp -d "$cache/partial.XXXXXX")
  trap 'rm -rf "$partial" 2>/dev/null || true' EXIT
  mkdir "$partial/tmp"
  echo "setup: downloading ${python_wheels[*]} for Python to $python_home"
  if env TMPDIR="$partial/tmp" PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 "$python" -m pip install --no-compile --no-cache-dir \
    --disable-pip-version-check --progress-bar off --target "$partial/python" "${python_wheels[@]}" >"$log" 2>&1; then
    echo "${python_wheels[*]}" >"$partial/python/wheels"
    rm -rf "$python_home"
    mv "$partial/python" "$python_home"
  else
    echo "setup: pip could not install them ($(tail -n 1 "$log")), so $without; all of its output is in $log."
  fi
}

open_log() {
  { mkdir -p "$cache" && : >"$log"; } 2>/dev/null || log=/dev/null
}

# Best effort, each by itself; the reason is what install_packages says.
install_checks() {
  local check package probe without
  for check in 'clang-19 clang++-19 tests with a second compiler' 'chromium chromium tests of pages in a browser'; do
    read -r package probe without <<<"$check"
    missing=()
    need "$package" "$probe"
    ((${#missing[@]} == 0)) && continue
    open_log
    (install_packages) || echo "setup: without $package, $without will be skipped."
  done
}

[[ ${1:-} =~ ^(core|torch|cuda|fuzz|docs|python|checks)$ ]] ||
  fail "say 'setup.sh core', 'setup.sh torch', 'setup.sh cuda', 'setup.sh fuzz', 'setup.sh docs', 'setup.sh python' or 'setup.sh checks'."

if [[ $1 == python ]]; then
  install_python
  exit
fi

if [[ $1 == checks ]]; then
  install_checks
  exit
fi

if [[ $1 == docs ]]; then
  need python3 python3
  need doxygen doxygen
  need doxygen-awesome-css /usr/share/doxygen-awesome-css/doxygen-awesome.css
  if ((${#missing[@]} != 0)); then
    open_log
    install_packages
  fi
  exit
fi

need g++ g++
need cmake cmake
need ninja-build ninja
need ccache ccache
need time /usr/bin/time
need pkg-config pkg-config
need libboost-dev boost/hana.hpp
need librange-v3-dev range/v3/version.hpp
need nlohmann-json3-dev nlohmann/json.hpp
need libcli11-dev CLI/CLI.hpp
need zlib1g-dev zlib.h
need libarchive-dev archive.h
need python3 python3
need libstb-dev stb/stb_image.h
need libgtest-dev gtest/gtest.h
need libgmock-dev gmock/gmock.h
need librapidcheck-dev rapidcheck.h
need libbenchmark-dev benchmark/benchmark.h
need libprotobuf-dev google/protobuf/message.h
need libonnx-dev onnx/onnx_pb.h
need libopenmpi-dev mpicc
need openmpi-bin mpirun
need libjs-chart.js /usr/share/javascript/chart.js/chart.min.js
[[ $1 != cuda ]] || NASCENT_TORCH_CUDA=1
if [[ $1 =~ ^(torch|cuda)$ ]]; then
  need dataset-fashion-mnist /usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz
  if ! torch_is_there && ! [[ $1 == cuda && -e $python_home/torch/lib/libtorch_cuda.so ]]; then
    need_torch=1
    python_with_pip /usr/bin/python3 python3 >/dev/null || missing+=(python3-pip)
  fi
fi
if [[ $1 == fuzz ]]; then
  need clang-19 clang++-19
  need libclang-rt-19-dev /usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt.fuzzer-$(uname -m).a
fi
if ((${#missing[@]} != 0)) || [[ -n ${need_torch:-} ]]; then
  open_log
fi
((${#missing[@]} == 0)) || install_packages
[[ -z ${need_torch:-} ]] || install_torch
