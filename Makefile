# The front door: each command below sets up what is missing, then calls CMake. `make` alone lists them.
export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc)

.PHONY: help setup quickstart build test core-test asan-test cuda-test docs fuzz evidence gpu-suite format clean

help:
	@echo 'make quickstart  search a network for FashionMNIST with the paper'\''s method (about two minutes, after set-up)'
	@echo 'make build       build every program: build/release/examples/NAME, build/release/benchmarks/NAME'
	@echo 'make test        build everything and run every test (brings 4.8 GB of Python packages; NASCENT_PYTHON= leaves them'
	@echo '                 out; and 0.7 GB for clang 19 and Chromium, as far as apt-get can install them)'
	@echo 'make core-test   build and run the suites and programs that need no LibTorch'
	@echo 'make asan-test   its suites and programs under AddressSanitizer, UndefinedBehaviorSanitizer and ThreadSanitizer'
	@echo 'make cuda-test   build everything with the CUDA kernels, by nvcc, and run its tests; those of a GPU are skipped without'
	@echo 'make docs        build the documentation as a site: build/docs/html/index.html (seconds)'
	@echo 'make fuzz        run every fuzzer of the readers of files for FUZZ_SECONDS (60) seconds, built with clang'
	@echo 'make evidence    the long runs behind what the pages claim: docs/evidence/, docs/strategies.md (half an hour)'
	@echo 'make setup       only install what is missing: Debian packages, LibTorch'
	@echo 'make gpu-suite OUT=FOLDER   on a machine with a GPU and nvcc: its tests, seconds an epoch in every mode, a short search'
	@echo 'make format      format every source with clang-format'
	@echo 'make clean       remove build/ (runs/ and LibTorch stay)'
	@echo
	@echo 'NASCENT_TORCH_ROOT=FOLDER uses a LibTorch of your own; NASCENT_TORCH_CUDA=0|1 leaves out or brings in its CUDA'
	@echo 'part, which set-up otherwise decides by looking for a GPU.'

setup:
	@cmake/setup.sh torch

quickstart: setup
	@cmake --preset release
	@cmake --build --preset release --target search_images
	build/release/examples/search_images --data fashion-mnist --setting demo \
	  --run-dir runs/quickstart-$$(date +%Y%m%d-%H%M%S)

build: setup
	@cmake --preset release
	@cmake --build --preset release --target programs

test: setup
	@cmake/setup.sh python
	@cmake/setup.sh docs
	@cmake/setup.sh checks
	@cmake --preset release
	@cmake --build --preset release
	@cmake/run_tests.sh build/release

core-test asan-test: %-test:
	@cmake/setup.sh core
	@cmake --preset $*
	@cmake --build --preset $*
	@cmake/run_tests.sh build/$*

# CUDA's toolkit is not for set-up to install.
define need_nvcc
@command -v nvcc > /dev/null || [ -x "$${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" ] || \
  { echo 'make $@ needs nvcc of CUDA Toolkit 13: put it on PATH, or name its folder in CUDA_HOME' >&2; exit 1; }
endef

cuda-test:
	$(need_nvcc)
	@cmake/setup.sh cuda
	@cmake --preset cuda
	@cmake --build --preset cuda
	@cmake/run_tests.sh build/cuda

docs:
	@cmake/setup.sh docs
	@docs/site/build.py build/docs

FUZZ_SECONDS ?= 60
fuzz:
	@cmake/setup.sh fuzz
	@cmake --preset fuzz
	@cmake --build --preset fuzz
	@tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS)

evidence: setup
	@cmake --preset release
	@cmake --build --preset release --target programs program_tests
	@cmake/evidence_strategies.sh build/release
	@cmake/evidence.sh build/release
	@$(MAKE) --no-print-directory fuzz FUZZ_SECONDS=600

OUT ?= gpu
gpu-suite:
	@[ -e /dev/nvidia0 ] || nvidia-smi -L > /dev/null 2>&1 || \
	  { echo 'make gpu-suite needs a GPU and its driver, and there is none here: run it on a machine that has one' >&2; exit 1; }
	$(need_nvcc)
	@cmake/setup.sh cuda
	@cmake --preset cuda -DNASCENT_TORCH_JOBS=$(CMAKE_BUILD_PARALLEL_LEVEL)
	@cmake --build --preset cuda --target cuda_tests gpu_suite search_images
	build/cuda/tests/cuda_tests --gtest_brief=1
	build/cuda/benchmarks/gpu_suite --out $(OUT)
	build/cuda/examples/search_images --device cuda --search-only --max-seconds 90 --run-dir $(OUT)/search

format:
	@command -v clang-format > /dev/null || { echo 'make format needs clang-format: apt-get install clang-format' >&2; exit 1; }
	git ls-files '*.hpp' '*.cpp' '*.cuh' '*.cu' | xargs clang-format -i

clean:
	rm -rf build
