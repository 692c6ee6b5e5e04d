# nascent_enable_cuda(TARGET): the CUDA kernels for a program that trains with nascent::torch.
#
# nvcc compiles one source, include/nascent/cuda/kernels.cu, once a project, for the compute capabilities in
# NASCENT_CUDA_ARCHITECTURES (default 90: H100); no CUDA language is enabled. Nothing else changes in the program: on a
# GPU its trainings take the fast path, see docs/gpu.md. Where cuDNN 9.8 or newer is found, with its headers, the path
# through its graph API is built in.

get_filename_component(_nascent_cuda_here "${CMAKE_CURRENT_LIST_DIR}" ABSOLUTE)

function(_nascent_find_nvcc)
  find_program(NASCENT_NVCC nvcc PATHS ENV CUDA_HOME ENV CUDA_PATH /usr/local/cuda PATH_SUFFIXES bin)
  mark_as_advanced(NASCENT_NVCC)
endfunction()

# True where LibTorch has CUDA, with every library that needs, and nvcc is found.
function(nascent_can_enable_cuda result)
  _nascent_find_nvcc()
  if(TARGET NascentTorch::cuda AND NASCENT_NVCC)
    set(${result} ON PARENT_SCOPE)
  else()
    set(${result} OFF PARENT_SCOPE)
  endif()
endfunction()

# Beside LibTorch, whose own it is, else in the toolkit: cuDNN must be the one that LibTorch loads.
function(_nascent_find_cudnn)
  set(beside "${NascentTorch_ROOT}/../nvidia/cudnn")
  find_path(NASCENT_CUDNN_INCLUDE cudnn_graph.h HINTS "${beside}/include" ${CUDAToolkit_INCLUDE_DIRS})
  find_library(NASCENT_CUDNN_LIBRARY NAMES libcudnn.so.9 HINTS "${beside}/lib" ${CUDAToolkit_LIBRARY_DIR})
  mark_as_advanced(NASCENT_CUDNN_INCLUDE NASCENT_CUDNN_LIBRARY)
  set(version 0)
  if(NASCENT_CUDNN_INCLUDE AND NASCENT_CUDNN_LIBRARY)
    file(STRINGS "${NASCENT_CUDNN_INCLUDE}/cudnn_version.h" version REGEX "define CUDNN_(MAJOR|MINOR) ")
    list(TRANSFORM version REPLACE ".* " "")
    list(JOIN version "." version)
  endif()
  if(version VERSION_LESS 9.8)
    message(STATUS "Nascent's path through cuDNN is left out: cuDNN 9.8 with its headers was not found")
    return()
  endif()
  target_include_directories(nascent_cuda_kernels SYSTEM INTERFACE "${NASCENT_CUDNN_INCLUDE}")
  target_link_libraries(nascent_cuda_kernels PUBLIC "${NASCENT_CUDNN_LIBRARY}")
  target_compile_definitions(nascent_cuda_kernels INTERFACE NASCENT_CUDNN)
endfunction()

# The target nascent_cuda_kernels: a static library, and what including CUDA's own headers needs.
function(_nascent_cuda_kernels)
  if(TARGET nascent_cuda_kernels)
    return()
  endif()
  if(NOT TARGET NascentTorch::cuda)
    message(FATAL_ERROR "nascent_enable_cuda needs a LibTorch with CUDA, which was not found: "
      "`cmake/setup.sh cuda` in Nascent's folder installs one, which -DNASCENT_WITH_CUDA=ON finds; or name yours in "
      "NASCENT_TORCH_ROOT.")
  endif()
  _nascent_find_nvcc()
  if(NOT NASCENT_NVCC)
    message(FATAL_ERROR "nascent_enable_cuda needs nvcc of CUDA Toolkit 13, which was not found: put it on PATH, or name "
      "its folder in CUDA_HOME.")
  endif()
  find_package(CUDAToolkit QUIET)
  if(NOT CUDAToolkit_FOUND)
    message(FATAL_ERROR "nascent_enable_cuda found ${NASCENT_NVCC} but not the CUDA Toolkit around it: name its folder in "
      "CUDAToolkit_ROOT.")
  endif()
  find_path(kernels nascent/cuda/kernels.cu NO_CACHE NO_DEFAULT_PATH
    PATHS "${_nascent_cuda_here}/../include" "${_nascent_cuda_here}/../../../include")
  get_filename_component(kernels "${kernels}" ABSOLUTE)
  if(NOT DEFINED NASCENT_CUDA_ARCHITECTURES)
    set(NASCENT_CUDA_ARCHITECTURES 90)
  endif()
  set(codes "")
  foreach(architecture IN LISTS NASCENT_CUDA_ARCHITECTURES)
    list(APPEND codes -gencode arch=compute_${architecture},code=sm_${architecture})
  endforeach()
  set(object "${CMAKE_CURRENT_BINARY_DIR}/nascent_cuda_kernels.o")
  add_custom_command(OUTPUT "${object}"
    COMMAND "${NASCENT_NVCC}" -std=c++20 -O3 --expt-relaxed-constexpr ${codes} -Xcompiler=-fPIC -I "${kernels}"
      -MD -MF "${object}.d" -c "${kernels}/nascent/cuda/kernels.cu" -o "${object}"
    DEPENDS "${kernels}/nascent/cuda/kernels.cu" DEPFILE "${object}.d" VERBATIM
    COMMENT "Compiling Nascent's CUDA kernels")
  add_library(nascent_cuda_kernels STATIC "${object}")
  add_library(nascent::cuda ALIAS nascent_cuda_kernels)
  set_target_properties(nascent_cuda_kernels PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(nascent_cuda_kernels PUBLIC CUDA::cudart)
  target_compile_definitions(nascent_cuda_kernels INTERFACE NASCENT_CUDA)
  _nascent_find_cudnn()
endfunction()

function(nascent_enable_cuda target)
  _nascent_cuda_kernels()
  target_link_libraries(${target} PRIVATE nascent_cuda_kernels)
endfunction()
