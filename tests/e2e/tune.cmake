# SPDX-License-Identifier: Apache-2.0
# One ctest case per method of tune_test.py.
file(STRINGS tune_test.py lines REGEX "^    def test_")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS tune_test.py)
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^    def test_([a-z0-9_]+).*" "\\1" method "${line}")
  add_test(NAME tune.${method}
    COMMAND Python3::Interpreter -m unittest -q tune_test.TuneTestCase.test_${method}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
  set_tests_properties(tune.${method} PROPERTIES
    LABELS e2e TIMEOUT 400 PROCESSORS 2
    ENVIRONMENT "PLACEWRIGHT_BUILD=${PROJECT_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
endforeach()
