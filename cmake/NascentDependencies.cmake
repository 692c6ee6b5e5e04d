# The packages that each component needs: one list for the build and for the installed package.
set(NASCENT_DEPENDENCIES_core Boost range-v3 nlohmann_json Threads)
set(NASCENT_DEPENDENCIES_data ${NASCENT_DEPENDENCIES_core} ZLIB Stb)
set(NASCENT_DEPENDENCIES_torch ${NASCENT_DEPENDENCIES_data} NascentTorch)

# Finds them. Sets NASCENT_MISSING to the sentence that says what is missing and how to get it, or to "".
macro(nascent_find_dependencies component)
  set(NASCENT_MISSING "")
  if(NOT DEFINED NASCENT_DEPENDENCIES_${component})
    set(NASCENT_MISSING
      "Nascent has no component '${component}': ask for core, data or torch.")
  endif()
  foreach(package IN LISTS NASCENT_DEPENDENCIES_${component})
    if(NASCENT_MISSING)
      break()
    endif()
    find_package(${package} QUIET)
    if(${package}_FOUND)
      continue()
    elseif(package STREQUAL NascentTorch)
      set(NASCENT_MISSING "${NascentTorch_NOT_FOUND_MESSAGE}")
    else()
      set(NASCENT_MISSING
        "Nascent needs ${package}: run `make setup` in Nascent's folder, or name the folder of ${package} in CMAKE_PREFIX_PATH.")
    endif()
  endforeach()
endmacro()
