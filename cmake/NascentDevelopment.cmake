# How Nascent's own programs and tests are built. Nothing here reaches a user.

# A warning stops the project's own CI, never a user's build with a newer compiler.
if(DEFINED ENV{CI})
  set(werror ON)
else()
  set(werror OFF)
endif()
option(NASCENT_WERROR "Warnings are errors" ${werror})
option(NASCENT_SANITIZE "Build what needs no LibTorch with AddressSanitizer and UndefinedBehaviorSanitizer, what runs side by side also with ThreadSanitizer" OFF)
option(NASCENT_HEADER_TESTS "Test each header alone, and all of them in two translation units" ON)
option(NASCENT_SUITES_ONLY "Test the library and its programs; neither compilers' words, pages, nor what other projects make of it" OFF)
set(NASCENT_TORCH_JOBS 2 CACHE STRING "How many sources that include LibTorch compile at once (1.3 GB each)")

# What the headers give none of. Programs leave out fields of options on purpose: {.seed = 1}.
set(NASCENT_STRICT_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
set(NASCENT_WARNINGS ${NASCENT_STRICT_WARNINGS} -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  list(APPEND NASCENT_WARNINGS -Wno-restrict)  # GCC 12 sees an overlap in the std::string of its own library
endif()
set(NASCENT_SANITIZERS -fsanitize=address,undefined -fno-sanitize-recover=all)

add_library(nascent_dev INTERFACE)
# Sanitizers' own code gives rise to wrong warnings: there they stay warnings.
if(NASCENT_WERROR AND NOT NASCENT_SANITIZE)
  list(APPEND NASCENT_WARNINGS -Werror)
endif()
target_compile_options(nascent_dev INTERFACE ${NASCENT_WARNINGS})

set_property(GLOBAL APPEND PROPERTY JOB_POOLS nascent_torch=${NASCENT_TORCH_JOBS})

if(PROJECT_IS_TOP_LEVEL)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
  endif()
  find_program(NASCENT_CCACHE ccache)
  if(NASCENT_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    # The tests' precompiled headers are cached only when ccache is told to trust them. What the compiler says of a
    # source's headers spares a preprocessor's run.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_DEPEND=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${NASCENT_CCACHE})
  endif()
endif()
