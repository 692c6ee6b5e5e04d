# Finds LibTorch by its files, since its own TorchConfig.cmake needs nvcc for a CUDA build and edits global flags.
#
# Looks at, in this order:
#   1. a target `torch` that exists already (the project called find_package(Torch) itself);
#   2. NASCENT_TORCH_ROOT, a CMake or environment variable: a folder filled by `pip install --target`,
#      the `torch` folder of an installed wheel, or an unpacked libtorch archive;
#   3. the folder that `make setup` fills, or, where NASCENT_WITH_CUDA asks for CUDA and that has none, the one that
#      `cmake/setup.sh python` fills, whose PyTorch has;
#   4. the torch package of python3.
# With NASCENT_USE_TORCH_CONFIG=ON, find_package(Torch) is called on what was found.
#
# Makes the targets
#   NascentTorch::cpu    LibTorch for the CPU
#   NascentTorch::cuda   LibTorch with CUDA: only if it has CUDA and every library that needs is found
#   NascentTorch::torch  the better one of these
# and sets NascentTorch_FOUND, NascentTorch_VERSION, NascentTorch_ROOT and NascentTorch_NOT_FOUND_MESSAGE.

set(NascentTorch_MINIMUM 2.11)
set(NascentTorch_ADVICE "run `make setup` in Nascent's folder, or pass -DNASCENT_TORCH_ROOT=<folder of LibTorch>")

if(TARGET NascentTorch::torch)
  set(NascentTorch_FOUND TRUE)
  return()
endif()

# Sets NascentTorch_ROOT to the LibTorch in one of the folders, or to "".
function(_nascent_torch_in)
  foreach(folder IN LISTS ARGN)
    if(EXISTS "${folder}/lib/libtorch_cpu.so" AND EXISTS "${folder}/include/ATen")
      set(NascentTorch_ROOT "${folder}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(NascentTorch_ROOT "" PARENT_SCOPE)
endfunction()

function(_nascent_torch_of_python)
  execute_process(
    COMMAND python3 -c "import importlib.util as u, os; print(os.path.dirname(u.find_spec('torch').origin))"
    OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  _nascent_torch_in("${folder}")
  set(NascentTorch_ROOT "${NascentTorch_ROOT}" PARENT_SCOPE)
endfunction()

function(_nascent_torch_version)
  set(NascentTorch_VERSION "" PARENT_SCOPE)
  foreach(header IN ITEMS torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
    if(EXISTS "${NascentTorch_ROOT}/include/${header}")
      file(STRINGS "${NascentTorch_ROOT}/include/${header}" lines
        REGEX "define TORCH_VERSION_(MAJOR|MINOR|PATCH) [0-9]+")
      list(TRANSFORM lines REPLACE ".* " "")
      list(JOIN lines "." version)
      set(NascentTorch_VERSION "${version}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
endfunction()

# True if the loader finds every library that LibTorch's CUDA part needs: a set-up for the CPU leaves most of them out.
function(_nascent_torch_has_cuda result)
  set(${result} FALSE PARENT_SCOPE)
  if(EXISTS "${NascentTorch_ROOT}/lib/libtorch_cuda.so")
    execute_process(COMMAND ldd "${NascentTorch_ROOT}/lib/libtorch_cuda.so"
      OUTPUT_VARIABLE needed ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed AND NOT needed MATCHES "not found")
      set(${result} TRUE PARENT_SCOPE)
    endif()
  endif()
endfunction()

set(NascentTorch_FOUND FALSE)
set(NascentTorch_NOT_FOUND_MESSAGE "")

set(NascentTorch_ROOT "")
if(TARGET torch)
  if(Torch_DIR)
    get_filename_component(NascentTorch_ROOT "${Torch_DIR}/../../.." ABSOLUTE)
  endif()
else()
  set(_nascent_asked "${NASCENT_TORCH_ROOT}")
  if(NOT _nascent_asked)
    set(_nascent_asked "$ENV{NASCENT_TORCH_ROOT}")
  endif()
  if(_nascent_asked)
    get_filename_component(_nascent_asked "${_nascent_asked}" ABSOLUTE)
    _nascent_torch_in("${_nascent_asked}" "${_nascent_asked}/torch" "${_nascent_asked}/libtorch")
    if(NOT NascentTorch_ROOT)
      set(NascentTorch_NOT_FOUND_MESSAGE
        "NASCENT_TORCH_ROOT is '${_nascent_asked}', which holds no LibTorch (lib/libtorch_cpu.so and include/ATen): correct it, or unset it and ${NascentTorch_ADVICE}.")
      return()
    endif()
  else()
    set(_nascent_cache "$ENV{XDG_CACHE_HOME}")
    if(NOT _nascent_cache)
      set(_nascent_cache "$ENV{HOME}/.cache")
    endif()
    _nascent_torch_in("${_nascent_cache}/nascent/torch-2.11.0/torch")
    if(NASCENT_WITH_CUDA)
      _nascent_torch_has_cuda(_nascent_has_cuda)
      if(NOT _nascent_has_cuda)
        set(_nascent_for_cpu "${NascentTorch_ROOT}")
        _nascent_torch_in("${_nascent_cache}/nascent/python/torch" "${_nascent_for_cpu}")
      endif()
    endif()
    if(NOT NascentTorch_ROOT)
      _nascent_torch_of_python()
    endif()
    if(NOT NascentTorch_ROOT)
      set(NascentTorch_NOT_FOUND_MESSAGE "LibTorch was not found: ${NascentTorch_ADVICE}.")
      return()
    endif()
  endif()
endif()

_nascent_torch_version()
if(NascentTorch_ROOT AND NascentTorch_VERSION VERSION_LESS NascentTorch_MINIMUM)
  set(NascentTorch_NOT_FOUND_MESSAGE
    "Nascent needs LibTorch ${NascentTorch_MINIMUM} or newer and found '${NascentTorch_VERSION}' in ${NascentTorch_ROOT}: ${NascentTorch_ADVICE}.")
  return()
endif()

if(NASCENT_USE_TORCH_CONFIG AND NOT TARGET torch)
  if(EXISTS "${NascentTorch_ROOT}/lib/libtorch_cuda.so")
    find_program(NASCENT_NVCC nvcc PATHS ENV CUDA_HOME ENV CUDA_PATH /usr/local/cuda PATH_SUFFIXES bin)
    mark_as_advanced(NASCENT_NVCC)
    if(NOT NASCENT_NVCC)
      set(NascentTorch_NOT_FOUND_MESSAGE
        "NASCENT_USE_TORCH_CONFIG=ON needs CUDA's nvcc, as the LibTorch in ${NascentTorch_ROOT} was built for CUDA: put nvcc on PATH, or leave the option OFF, which needs none.")
      return()
    endif()
    if(NOT CMAKE_CUDA_COMPILER)
      set(CMAKE_CUDA_COMPILER "${NASCENT_NVCC}")
    endif()
    # CMake 3.25 does not know how nvcc spells C++20.
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
    if(NOT TORCH_CUDA_ARCH_LIST)
      set(TORCH_CUDA_ARCH_LIST 9.0)  # else it runs a program on the GPU, which may not be there
    endif()
  endif()
  # What TorchConfig.cmake leaves behind in global flags is not for Nascent's users.
  foreach(_nascent_variable IN ITEMS CMAKE_CUDA_FLAGS CMAKE_CUDA_ARCHITECTURES CMAKE_MESSAGE_LOG_LEVEL)
    set(_nascent_saved_${_nascent_variable} "${${_nascent_variable}}")
  endforeach()
  set(CMAKE_MESSAGE_LOG_LEVEL ERROR)  # it warns of libraries that no program needs
  find_package(Torch QUIET CONFIG GLOBAL PATHS "${NascentTorch_ROOT}" NO_DEFAULT_PATH)
  foreach(_nascent_variable IN ITEMS CMAKE_CUDA_FLAGS CMAKE_CUDA_ARCHITECTURES CMAKE_MESSAGE_LOG_LEVEL)
    set(${_nascent_variable} "${_nascent_saved_${_nascent_variable}}")
  endforeach()
  if(NOT TARGET torch)
    set(NascentTorch_NOT_FOUND_MESSAGE
      "find_package(Torch) failed on ${NascentTorch_ROOT}: leave NASCENT_USE_TORCH_CONFIG OFF, which needs no more than LibTorch's files.")
    return()
  endif()
endif()

_nascent_torch_has_cuda(_nascent_has_cuda)

add_library(NascentTorch::cpu INTERFACE IMPORTED GLOBAL)
if(NascentTorch_ROOT)
  target_include_directories(NascentTorch::cpu SYSTEM INTERFACE
    "${NascentTorch_ROOT}/include" "${NascentTorch_ROOT}/include/torch/csrc/api/include")
endif()
if(_nascent_has_cuda)
  add_library(NascentTorch::cuda INTERFACE IMPORTED GLOBAL)
endif()

if(TARGET torch AND NOT TARGET torch_cpu_library)
  target_link_libraries(NascentTorch::cpu INTERFACE torch)  # a target of the project's own making
elseif(TARGET torch)
  # `torch` of TorchConfig.cmake links the CUDA part, and starts only where all of CUDA's libraries are.
  target_link_libraries(NascentTorch::cpu INTERFACE torch_cpu_library c10)
  if(_nascent_has_cuda)
    target_link_libraries(NascentTorch::cuda INTERFACE NascentTorch::cpu ${TORCH_LIBRARIES})
  endif()
else()
  foreach(_nascent_library IN ITEMS c10 torch_cpu c10_cuda torch_cuda)
    if(EXISTS "${NascentTorch_ROOT}/lib/lib${_nascent_library}.so")
      add_library(NascentTorch::lib_${_nascent_library} SHARED IMPORTED GLOBAL)
      set_target_properties(NascentTorch::lib_${_nascent_library} PROPERTIES
        IMPORTED_LOCATION "${NascentTorch_ROOT}/lib/lib${_nascent_library}.so")
    endif()
  endforeach()
  target_link_libraries(NascentTorch::cpu INTERFACE NascentTorch::lib_torch_cpu NascentTorch::lib_c10)
  if(_nascent_has_cuda)
    # No symbol of torch_cuda is named by a program: it registers itself when loaded, so the linker must keep it.
    target_link_libraries(NascentTorch::cuda INTERFACE NascentTorch::cpu
      -Wl,--push-state,--no-as-needed NascentTorch::lib_torch_cuda NascentTorch::lib_c10_cuda -Wl,--pop-state)
  endif()
endif()

add_library(NascentTorch::torch INTERFACE IMPORTED GLOBAL)
if(_nascent_has_cuda)
  target_link_libraries(NascentTorch::torch INTERFACE NascentTorch::cuda)
else()
  target_link_libraries(NascentTorch::torch INTERFACE NascentTorch::cpu)
endif()
set(NascentTorch_FOUND TRUE)
if(NOT NascentTorch_FIND_QUIETLY)
  message(STATUS "LibTorch ${NascentTorch_VERSION} (${NascentTorch_ROOT})")
endif()
