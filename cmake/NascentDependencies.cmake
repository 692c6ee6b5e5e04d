# The packages that each component needs: one list for the build and for the installed package.
set(NASCENT_DEPENDENCIES_core Boost range-v3 nlohmann_json Threads)
set(NASCENT_DEPENDENCIES_data ${NASCENT_DEPENDENCIES_core} ZLIB Stb)
set(NASCENT_DEPENDENCIES_archive ${NASCENT_DEPENDENCIES_data} LibArchive)
set(NASCENT_DEPENDENCIES_torch ${NASCENT_DEPENDENCIES_data} NascentTorch)
set(NASCENT_DEPENDENCIES_mpi ${NASCENT_DEPENDENCIES_core} MPI)
set(NASCENT_DEPENDENCIES_onnx ${NASCENT_DEPENDENCIES_data} Protobuf ONNX)

macro(nascent_find_package package)
  if(${package} STREQUAL MPI)
    set(MPI_CXX_SKIP_MPICXX ON)  # its functions are C's
    find_package(MPI QUIET COMPONENTS CXX)
  else()
    find_package(${package} QUIET)
  endif()
endmacro()

# Finds them. Sets NASCENT_MISSING to the sentence that says what is missing and how to get it, or to "".
macro(nascent_find_dependencies component)
  set(NASCENT_MISSING "")
  if(NOT DEFINED NASCENT_DEPENDENCIES_${component})
    set(NASCENT_MISSING
      "Nascent has no component '${component}': ask for core, data, archive, mpi, onnx or torch.")
  endif()
  foreach(package IN LISTS NASCENT_DEPENDENCIES_${component})
    if(NASCENT_MISSING)
      break()
    endif()
    nascent_find_package(${package})
    if(${package}_FOUND)
      continue()
    elseif(package STREQUAL NascentTorch)
      set(NASCENT_MISSING "${NascentTorch_NOT_FOUND_MESSAGE}")
    elseif(package STREQUAL MPI)
      set(NASCENT_MISSING
        "Nascent's component mpi needs MPI: `apt-get install libopenmpi-dev openmpi-bin`, or name its compiler in MPI_CXX_COMPILER.")
    elseif(package STREQUAL LibArchive)
      set(NASCENT_MISSING
        "Nascent's component archive needs libarchive: `apt-get install libarchive-dev`, or name its folder in CMAKE_PREFIX_PATH.")
    elseif(package MATCHES "^(Protobuf|ONNX)$")
      set(NASCENT_MISSING
        "Nascent's component onnx needs ONNX's schema for C++: `apt-get install libonnx-dev libprotobuf-dev`, or name its folder in CMAKE_PREFIX_PATH.")
    else()
      set(NASCENT_MISSING
        "Nascent needs ${package}: run `make setup` in Nascent's folder, or name the folder of ${package} in CMAKE_PREFIX_PATH.")
    endif()
  endforeach()
endmacro()
