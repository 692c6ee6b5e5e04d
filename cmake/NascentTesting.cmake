# Helpers of examples/, benchmarks/ and tests/. LINK, or the second argument, is what a source may include:
# core and data are torch-free, torch is everything.

# Every example and benchmark: what `make build` builds.
add_custom_target(programs)

# SANITIZERS are the compiler's options; without, those of the whole build, if it has some.
function(_nascent_set_up_target target component)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SANITIZERS")
  target_link_libraries(${target} PRIVATE nascent::${component} nascent_dev)
  if(NASCENT_SANITIZE AND NOT arg_SANITIZERS)
    set(arg_SANITIZERS ${NASCENT_SANITIZERS})
  endif()
  if(arg_SANITIZERS)
    target_compile_options(${target} PRIVATE ${arg_SANITIZERS})
    target_link_options(${target} PRIVATE ${arg_SANITIZERS})
  endif()
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(component STREQUAL torch)
    set_target_properties(${target} PROPERTIES JOB_POOL_COMPILE nascent_torch)
    if(NASCENT_WITH_CUDA)
      nascent_enable_cuda(${target})
    endif()
  endif()
endfunction()

# nascent_add_example(NAME core|data|mpi|torch [OPTIMISED]): NAME.cpp. What takes its time in a search are kernels, which
# are optimised whatever the rest is: a third less to compile. OPTIMISED is for a program whose own speed is measured.
function(nascent_add_example name component)
  cmake_parse_arguments(PARSE_ARGV 2 arg "OPTIMISED" "" "")
  if((component STREQUAL torch AND NOT NASCENT_WITH_TORCH) OR NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}.cpp)
    return()
  endif()
  add_executable(${name} ${name}.cpp)
  _nascent_set_up_target(${name} ${component})
  target_link_libraries(${name} PRIVATE CLI11::CLI11)
  if(NOT arg_OPTIMISED)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  endif()
  add_dependencies(programs ${name})
endfunction()

# nascent_add_benchmark(NAME core|data|mpi|torch): NAME.cpp, on Google Benchmark.
function(nascent_add_benchmark name component)
  if((component STREQUAL torch AND NOT NASCENT_WITH_TORCH) OR NOT EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${name}.cpp)
    return()
  endif()
  add_executable(${name} ${name}.cpp)
  _nascent_set_up_target(${name} ${component})
  target_link_libraries(${name} PRIVATE benchmark::benchmark)
  target_compile_definitions(${name} PRIVATE NASCENT_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  add_dependencies(programs ${name})
endfunction()

# nascent_add_program_test(NAME TARGET target [ARGS ...] [EXIT n] [MATCHES regex ...] [AS_SHOWN | SHOWN source]): runs the
# program, see check_program.cmake. AS_SHOWN: it prints what the comment at the top of its source shows; SHOWN: of that
# source.
function(nascent_add_program_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "AS_SHOWN" "TARGET;EXIT;SHOWN" "ARGS;MATCHES")
  if(NOT NASCENT_BUILD_TESTS OR NOT TARGET ${arg_TARGET})
    return()
  endif()
  if(NOT DEFINED arg_EXIT)
    set(arg_EXIT 0)
  endif()
  set(source "${arg_SHOWN}")
  if(arg_AS_SHOWN)
    set(source ${CMAKE_CURRENT_SOURCE_DIR}/${arg_TARGET}.cpp)
  endif()
  add_test(NAME program/${name} COMMAND ${CMAKE_COMMAND}
    "-DCOMMAND=$<TARGET_FILE:${arg_TARGET}>;${arg_ARGS}" -DEXIT=${arg_EXIT} "-DMATCHES=${arg_MATCHES}"
    -DSOURCE=${source} -P ${PROJECT_SOURCE_DIR}/cmake/check_program.cmake)
endfunction()

# nascent_add_test_suite(NAME LINK core|data|mpi|torch SOURCES ...): one GoogleTest program, every case a test of its own.
function(nascent_add_test_suite name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LINK" "SOURCES")
  if(NOT arg_SOURCES OR (arg_LINK STREQUAL torch AND NOT NASCENT_WITH_TORCH))
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  _nascent_set_up_target(${name} ${arg_LINK})
  target_link_libraries(${name} PRIVATE GTest::gmock_main rapidcheck)
  target_compile_definitions(${name} PRIVATE
    NASCENT_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" NASCENT_PROGRAMS="${PROJECT_BINARY_DIR}/examples")
  # Tests compile faster than they would run slower; assert() works in every build type.
  target_compile_options(${name} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-Og;-UNDEBUG>)
  if(NOT arg_LINK STREQUAL torch)  # a quarter of the time; LibTorch precompiled would be a file of 600 MB
    target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)  # for ccache
    target_precompile_headers(${name} PRIVATE
      <algorithm> <filesystem> <functional> <map> <ranges> <sstream> <string> <vector>
      <gmock/gmock.h> <gtest/gtest.h> <nlohmann/json.hpp>)
  endif()
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60)
endfunction()

# nascent_add_thread_tests(NAME LINK core|data SOURCES ...): a suite under ThreadSanitizer, which does not go together
# with the other sanitizers.
function(nascent_add_thread_tests name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LINK" "SOURCES")
  add_executable(${name} ${arg_SOURCES})
  _nascent_set_up_target(${name} ${arg_LINK} SANITIZERS -fsanitize=thread)
  target_link_libraries(${name} PRIVATE GTest::gmock_main rapidcheck)
  target_compile_definitions(${name} PRIVATE NASCENT_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
  # With more random bits than it knows, GCC 12's ThreadSanitizer does not start.
  set(bits 28)
  if(EXISTS /proc/sys/vm/mmap_rnd_bits)
    file(READ /proc/sys/vm/mmap_rnd_bits bits)
  endif()
  if(bits GREATER 28)
    set_target_properties(${name} PROPERTIES CROSSCOMPILING_EMULATOR "setarch;-R")
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "tsan/" NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60)
endfunction()

# Headers that may include LibTorch; no other may, through whatever it includes.
set(NASCENT_TORCH_HEADERS
  "^nascent/(nascent[.]hpp|train/|cuda/(chain_network|cudnn_[a-z]+|fast_training|graphed_step|on_stream|resident_set)[.])|/(torch|supernet|face_evaluator)[./_]")

# Those of them that include CUDA's or cuDNN's, which need not be there.
set(NASCENT_CUDA_HEADERS "^nascent/cuda/(cudnn_[a-z]+|fast_training|graphed_step|on_stream)[.]")

# Headers that include MPI's, which need not be there.
set(NASCENT_MPI_HEADERS "/mpi[._]")

# Headers that include libarchive's, which need not be there.
set(NASCENT_ARCHIVE_HEADERS "^nascent/(data/tar|face/(read_identities|read_pair_faces))[.]")

# Headers that include ONNX's, which need not be there either.
set(NASCENT_ONNX_HEADERS "/onnx[.]")

# nascent_add_header_tests(LINK target HEADERS ...): a test for each header, see check_header.cmake.
function(nascent_add_header_tests)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "LINK" "HEADERS")
  nascent_compiler_of(${arg_LINK} compiler)
  foreach(header IN LISTS arg_HEADERS)
    add_test(NAME header/${header} COMMAND ${CMAKE_COMMAND}
      -DHEADER=${header} -DTORCH_HEADERS=${NASCENT_TORCH_HEADERS}
      -DINCLUDE=${PROJECT_SOURCE_DIR}/include -DWORK=${CMAKE_CURRENT_BINARY_DIR}/headers
      "-DCOMPILER=${compiler};${NASCENT_STRICT_WARNINGS};$<$<BOOL:${NASCENT_WERROR}>:-Werror>"
      -P ${PROJECT_SOURCE_DIR}/cmake/check_header.cmake)
  endforeach()
endfunction()

# nascent_add_odr_test(NAME LINK core|data|mpi|torch HEADERS ...): two translation units that include every header make
# one program: no function lacks its `inline`, no name is defined twice.
function(nascent_add_odr_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LINK" "HEADERS")
  list(TRANSFORM arg_HEADERS REPLACE "(.+)" "#include <\\1>\n" OUTPUT_VARIABLE includes)
  list(JOIN includes "" includes)
  file(CONFIGURE OUTPUT ${name}_first.cpp CONTENT "@includes@int main() {}\n" @ONLY)
  file(CONFIGURE OUTPUT ${name}_second.cpp CONTENT "@includes@" @ONLY)
  add_executable(${name} ${CMAKE_CURRENT_BINARY_DIR}/${name}_first.cpp ${CMAKE_CURRENT_BINARY_DIR}/${name}_second.cpp)
  _nascent_set_up_target(${name} ${arg_LINK})
  target_compile_options(${name} PRIVATE -O0)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
