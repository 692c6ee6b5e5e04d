# Tests of what must not compile, for Nascent's concepts and for a user's own policies.
#
#   nascent_add_compile_fail_tests(DIR folder LINK target [PRECOMPILE header])
#
# PRECOMPILE is what most of the files include first: GCC then reads it once, not twice a test. May be called for several
# folders whose files have different names.
# Each folder/NAME.cpp holds the broken code and its mended twin side by side, and the sentences a user must see:
#
#   // error: your Ranker needs .*budget_type
#   #ifdef NASCENT_COMPILE_FAIL
#   struct Mine {};
#   #else
#   struct Mine { using budget_type = int; };
#   #endif
#
# The test compile_fail/NAME passes if the broken code fails to compile, each regular expression matches one of the
# compiler's errors, and the mended twin compiles.

if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(_nascent_compile_fail_script ${CMAKE_CURRENT_LIST_FILE})

  # The compiler, with what users of the target compile with: for the command line of a test, in quotes or with
  # COMMAND_EXPAND_LISTS.
  function(nascent_compiler_of target result)
    # /usr/include is searched anyway, and said again as -isystem it hides the C headers from libstdc++.
    foreach(kind IN ITEMS "" _SYSTEM)
      set(folders $<REMOVE_DUPLICATES:$<TARGET_PROPERTY:${target},INTERFACE${kind}_INCLUDE_DIRECTORIES>>)
      set(includes${kind} $<FILTER:${folders},EXCLUDE,^/usr/include$>)
    endforeach()
    set(definitions "$<TARGET_PROPERTY:${target},INTERFACE_COMPILE_DEFINITIONS>")
    set(${result} "${CMAKE_CXX_COMPILER};-std=c++20"
      "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},$<SEMICOLON>-D>>"
      "$<$<BOOL:${includes}>:-I$<JOIN:${includes},$<SEMICOLON>-I>>"
      "$<$<BOOL:${includes_SYSTEM}>:-isystem$<SEMICOLON>$<JOIN:${includes_SYSTEM},$<SEMICOLON>-isystem$<SEMICOLON>>>" PARENT_SCOPE)
  endfunction()

  function(nascent_add_compile_fail_tests)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "DIR;LINK;PRECOMPILE" "")
    nascent_compiler_of(${arg_LINK} compiler)
    if(arg_PRECOMPILE AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
      set(fixture compile_fail.precompile/${arg_PRECOMPILE})
      set(folder ${CMAKE_CURRENT_BINARY_DIR}/precompiled/${arg_PRECOMPILE})
      file(CONFIGURE OUTPUT ${folder}/all.hpp CONTENT "#include <${arg_PRECOMPILE}>\n")
      get_filename_component(parent ${folder}/${arg_PRECOMPILE} DIRECTORY)
      file(MAKE_DIRECTORY ${parent})
      add_test(NAME ${fixture} COMMAND ${compiler} -x c++-header ${folder}/all.hpp
        -o ${folder}/${arg_PRECOMPILE}.gch COMMAND_EXPAND_LISTS)
      set_tests_properties(${fixture} PROPERTIES FIXTURES_SETUP ${fixture})
      list(INSERT compiler 1 -I${folder})
    endif()
    file(GLOB sources CONFIGURE_DEPENDS ${arg_DIR}/*.cpp)
    foreach(source IN LISTS sources)
      get_filename_component(name ${source} NAME_WE)
      add_test(NAME compile_fail/${name} COMMAND ${CMAKE_COMMAND}
        -DSOURCE=${source} "-DCOMPILER=${compiler}" -P ${_nascent_compile_fail_script})
      set_tests_properties(compile_fail/${name} PROPERTIES FIXTURES_REQUIRED "${fixture}")
    endforeach()
  endfunction()
  return()
endif()

cmake_policy(VERSION 3.25)
set(ENV{LC_ALL} C)  # the compiler's own words in English, its quotes in ASCII
execute_process(COMMAND ${COMPILER} -fsyntax-only ${SOURCE} RESULT_VARIABLE failed ERROR_VARIABLE output)
if(failed)
  message(FATAL_ERROR "The mended twin does not compile:\n${output}")
endif()
execute_process(COMMAND ${COMPILER} -fsyntax-only -DNASCENT_COMPILE_FAIL ${SOURCE}
  RESULT_VARIABLE failed ERROR_VARIABLE output)
if(NOT failed)
  message(FATAL_ERROR "The broken code compiles.")
endif()
file(STRINGS ${SOURCE} sentences REGEX "// error: ")
if(NOT sentences)
  message(FATAL_ERROR "${SOURCE} has no line `// error: REGEX`.")
endif()
foreach(sentence IN LISTS sentences)
  string(REGEX REPLACE "^.*// error: " "" regex "${sentence}")
  string(REPLACE ".*" "[^\n]*" regex "${regex}")  # CMake's dot matches a newline too
  if(NOT output MATCHES "error: [^\n]*(${regex})")
    message(FATAL_ERROR "No error matches '${regex}' in:\n${output}")
  endif()
endforeach()
