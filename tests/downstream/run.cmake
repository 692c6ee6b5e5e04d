# Runs one CASE of the projects beside this file: configures, builds and starts one of them as a user would.
cmake_policy(VERSION 3.25)

set(prefix ${WORK}/prefix)
set(ENV{CMAKE_PREFIX_PATH} "")

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  message("${output}")
  if(status)
    message(FATAL_ERROR "failed (${status}): ${ARGN}")
  endif()
endfunction()

# The command line that configures one of the projects into an empty folder.
function(configure_command project result)
  file(REMOVE_RECURSE ${WORK}/${CASE})
  set(${result} ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/${project} -B ${WORK}/${CASE} -G ${GENERATOR}
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${prefix} ${ARGN} PARENT_SCOPE)
endfunction()

function(configure_build_and_start project)
  configure_command(${project} command ${ARGN})
  run(${command})
  run(${CMAKE_COMMAND} --build ${WORK}/${CASE})
  run(${WORK}/${CASE}/app)
endfunction()

# Configuring must fail, with the sentence.
function(expect_failure project regex)
  configure_command(${project} command ${ARGN})
  execute_process(COMMAND ${command} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  if(NOT status OR NOT output MATCHES "${regex}")
    message(FATAL_ERROR "status ${status}, and '${regex}' is expected in:\n${output}")
  endif()
endfunction()

if(CASE STREQUAL install)
  # LibTorch is out of sight; the installed tree is moved afterwards, as a package may be.
  file(REMOVE_RECURSE ${WORK})
  set(ENV{HOME} ${WORK})
  run(${CMAKE_COMMAND} -S ${NASCENT} -B ${WORK}/install -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX}
    -DNASCENT_WITH_TORCH=OFF -DNASCENT_BUILD_TESTS=OFF -DNASCENT_BUILD_EXAMPLES=OFF -DNASCENT_BUILD_BENCHMARKS=OFF)
  run(${CMAKE_COMMAND} --install ${WORK}/install --prefix ${WORK}/first)
  file(RENAME ${WORK}/first ${prefix})
elseif(CASE STREQUAL find_package)
  set(ENV{HOME} ${WORK})
  configure_build_and_start(core)
elseif(CASE STREQUAL add_subdirectory)
  set(ENV{HOME} ${WORK})
  configure_build_and_start(core -DNASCENT_SOURCE=${NASCENT} -DNASCENT_WITH_TORCH=OFF)
elseif(CASE STREQUAL missing_torch)
  expect_failure(torch "NASCENT_TORCH_ROOT is '[^']*/nowhere', which holds no LibTorch.*correct it"
    -DNASCENT_TORCH_ROOT=${WORK}/nowhere)
elseif(CASE STREQUAL wrong_component)
  expect_failure(torch "Nascent has no component 'cuda': ask for core, data or torch." -DCOMPONENT=cuda)
elseif(CASE STREQUAL torch_finder)
  configure_build_and_start(torch -DNASCENT_TORCH_ROOT=${TORCH_ROOT})
elseif(CASE MATCHES "torch_config|torch_target")
  find_program(nvcc nvcc PATHS ENV CUDA_HOME ENV CUDA_PATH /usr/local/cuda PATH_SUFFIXES bin)
  if(EXISTS ${TORCH_ROOT}/lib/libtorch_cuda.so AND NOT nvcc)
    message("skipped: LibTorch's own configuration needs nvcc, which is not here")
  elseif(CASE STREQUAL torch_config)
    configure_build_and_start(torch -DNASCENT_TORCH_ROOT=${TORCH_ROOT} -DNASCENT_USE_TORCH_CONFIG=ON)
  else()
    configure_build_and_start(torch -DFIND_TORCH_FIRST=ON -DTorch_ROOT=${TORCH_ROOT}
      -DCMAKE_CUDA_COMPILER=${nvcc} -DTORCH_CUDA_ARCH_LIST=9.0)
  endif()
endif()
