# Tests of what must not compile, for Nascent's concepts and for a user's own policies.
#
#   nascent_add_compile_fail_tests(DIR folder LINK target [PRECOMPILE header] [COMPILER path] [SAYS regex])
#
# PRECOMPILE is what most of the files include first: the compiler then reads it once, not twice a test. COMPILER is
# another than the project's own, and its tests are named after it. SAYS is what every error must say too. May be called
# for several folders whose files have different names.
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
# compiler's errors, the first error is one of them and among the first 25 lines, and the mended twin compiles.

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

  # A test that precompiles the header, and what a compiler that takes it is called with.
  function(_nascent_precompile header suffix command_variable fixture_variable)
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/precompiled${suffix}/${header})
    file(CONFIGURE OUTPUT ${folder}/all.hpp CONTENT "#include <${header}>\n")
    get_filename_component(parent ${folder}/${header} DIRECTORY)
    file(MAKE_DIRECTORY ${parent})
    set(name compile_fail.precompile${suffix}/${header})
    add_test(NAME ${name} COMMAND ${${command_variable}} -x c++-header ${folder}/all.hpp -o ${folder}/${header}.gch
      COMMAND_EXPAND_LISTS)
    set_tests_properties(${name} PROPERTIES FIXTURES_SETUP ${name})
    set(${fixture_variable} ${name} PARENT_SCOPE)
    set(with_it ${${command_variable}})
    if(suffix MATCHES "clang" OR CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      list(APPEND with_it -include-pch ${folder}/${header}.gch)
    else()
      list(INSERT with_it 1 -I${folder})
    endif()
    set(${command_variable} ${with_it} PARENT_SCOPE)
  endfunction()

  function(nascent_add_compile_fail_tests)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "DIR;LINK;PRECOMPILE;COMPILER;SAYS" "")
    nascent_compiler_of(${arg_LINK} compiler)
    set(suffix "")
    if(arg_COMPILER)
      list(POP_FRONT compiler)
      list(PREPEND compiler ${arg_COMPILER})
      get_filename_component(suffix ${arg_COMPILER} NAME)
      string(PREPEND suffix "@")
      if(suffix MATCHES "clang")  # libstdc++ 12 uses in std::stable_sort what it calls deprecated
        list(APPEND compiler -Wno-deprecated-declarations)
      endif()
    endif()
    set(fixture "")
    if(arg_PRECOMPILE)
      _nascent_precompile(${arg_PRECOMPILE} "${suffix}" compiler fixture)
    endif()
    file(GLOB sources CONFIGURE_DEPENDS ${arg_DIR}/*.cpp)
    foreach(source IN LISTS sources)
      get_filename_component(name ${source} NAME_WE)
      add_test(NAME compile_fail${suffix}/${name} COMMAND ${CMAKE_COMMAND}
        -DSOURCE=${source} -DSAYS=${arg_SAYS} "-DCOMPILER=${compiler}" -P ${_nascent_compile_fail_script})
      set_tests_properties(compile_fail${suffix}/${name} PROPERTIES FIXTURES_REQUIRED "${fixture}")
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
string(FIND "${output}" "error: " first)
string(SUBSTRING "${output}" 0 ${first} before)
string(REGEX MATCHALL "\n" lines "${before}")
list(LENGTH lines line)
if(line GREATER_EQUAL 25)
  message(FATAL_ERROR "The first error is on line ${line}, too far down:\n${output}")
endif()
string(SUBSTRING "${output}" ${first} -1 rest)
string(REGEX MATCH "^[^\n]*" first_error "${rest}")
set(first_is_ours FALSE)
foreach(sentence IN LISTS sentences)
  string(REGEX REPLACE "^.*// error: " "" regex "${sentence}")
  string(REPLACE ".*" "[^\n]*" regex "${regex}")  # CMake's dot matches a newline too
  if(NOT output MATCHES "error: [^\n]*(${regex})")
    message(FATAL_ERROR "No error matches '${regex}' in:\n${output}")
  endif()
  if(first_error MATCHES "${regex}")
    set(first_is_ours TRUE)
  endif()
endforeach()
if(NOT first_is_ours)
  message(FATAL_ERROR "The first error is none of those expected:\n${output}")
endif()
if(SAYS AND NOT first_error MATCHES "${SAYS}")
  message(FATAL_ERROR "The first error does not say '${SAYS}':\n${output}")
endif()
