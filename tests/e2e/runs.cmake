# SPDX-License-Identifier: Apache-2.0
# One ctest case per method of the modules below; the programs know nothing of mappings.

function(placewright_probe name)
  add_executable(${name} programs/probe.cpp)
  target_link_libraries(${name} PRIVATE placewright_flags placewright::legion_runtime)
  target_compile_definitions(${name} PRIVATE ${ARGN})
  set_target_properties(${name} PROPERTIES ENABLE_EXPORTS ON)
endfunction()

placewright_probe(e2e_probe)
placewright_probe(e2e_probe_cpu PROBE_WITHOUT_GPU)
placewright_probe(e2e_probe_linked PROBE_LINKED)
target_link_libraries(e2e_probe_linked PRIVATE placewright::legion)

find_package(PkgConfig REQUIRED)
pkg_check_modules(openblas REQUIRED IMPORTED_TARGET openblas)
add_executable(e2e_dgemm programs/dgemm.cpp)
target_link_libraries(e2e_dgemm PRIVATE placewright_flags placewright::legion_runtime PkgConfig::openblas)
set_target_properties(e2e_dgemm PROPERTIES ENABLE_EXPORTS ON)

set(legion_headers "$<JOIN:$<TARGET_PROPERTY:placewright::legion_runtime,INTERFACE_INCLUDE_DIRECTORIES>,:>")
foreach(module gpu_session_test placement_test memory_test pressure_test failure_test application_failure_test tune_failure_test codegen_test infer_test profile_test explain_test
    own_build_test experiment_codegen_test agent_test network_test experiment_mappers_test)
  file(STRINGS ${module}.py lines REGEX "^    def test_")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${module}.py)
  file(STRINGS ${module}.py class_line REGEX "^class .*TestCase")
  string(REGEX REPLACE "^class ([A-Za-z]+).*" "\\1" class "${class_line}")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^    def (test_[a-z0-9_]+).*" "\\1" method "${line}")
    string(REGEX REPLACE "^test_" "" short "${method}")
    add_test(NAME e2e.${class}.${short}
      COMMAND Python3::Interpreter -m unittest -q ${module}.${class}.${method}
      WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    # Several runs at once would disturb what judges times or fills several processes; the others wait most of the time.
    set(processors 1)
    if(module MATCHES "^(tune_failure|explain|network|placement|infer)_test$")
      set(processors 2)
    endif()
    set_tests_properties(e2e.${class}.${short} PROPERTIES
      LABELS e2e TIMEOUT 900 PROCESSORS ${processors}
      ENVIRONMENT "PLACEWRIGHT_BUILD=${PROJECT_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1;PLACEWRIGHT_COMPILER=${CMAKE_CXX_COMPILER};PLACEWRIGHT_LEGION_HEADERS=${legion_headers}")
    if(module MATCHES "^(explain|experiment_codegen|agent)_test$")
      set_tests_properties(e2e.${class}.${short} PROPERTIES LABELS "e2e;legion;agent")
    endif()
    if(module STREQUAL codegen_test)
      set_tests_properties(e2e.${class}.${short} PROPERTIES LABELS "e2e;language")
    endif()
  endforeach()
endforeach()
# The longest of all: compiles twenty mappers. Not at the end, where it would run alone.
set_tests_properties(e2e.CodegenTestCase.sample_of_random_mappings PROPERTIES COST 1000)
