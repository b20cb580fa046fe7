# SPDX-License-Identifier: Apache-2.0

# placewright_e2e_tests(MODULES name... [ENVIRONMENT NAME=value...])
#
# One ctest case per test of NAME.py. discover.py finds them when CMake configures, which happens
# again after a change of a module; a module's constants say which labels and limits they have.
function(placewright_e2e_tests)
  cmake_parse_arguments(PARSE_ARGV 0 e2e "" "" "MODULES;ENVIRONMENT")
  list(TRANSFORM e2e_MODULES APPEND .py OUTPUT_VARIABLE files)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS discover.py ${files})
  execute_process(COMMAND "${Python3_EXECUTABLE}" -B discover.py ${files}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}"
    OUTPUT_VARIABLE lines OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE "\n" ";" lines "${lines}")
  foreach(line IN LISTS lines)
    string(REPLACE " " ";" fields "${line}")
    list(GET fields 0 name)
    list(SUBLIST fields 1 3 method)
    list(JOIN method "." method)
    list(GET fields 4 labels)
    string(REPLACE "," ";" labels "${labels}")
    list(GET fields 5 processors)
    list(GET fields 6 timeout)
    add_test(NAME ${name} COMMAND Python3::Interpreter -m unittest -q ${method}
      WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    set(environment "PLACEWRIGHT_BUILD=${PROJECT_BINARY_DIR}" PYTHONDONTWRITEBYTECODE=1
      ${e2e_ENVIRONMENT})
    set_tests_properties(${name} PROPERTIES LABELS "${labels}" TIMEOUT ${timeout}
      PROCESSORS ${processors} ENVIRONMENT "${environment}")
  endforeach()
endfunction()
