# SPDX-License-Identifier: Apache-2.0
# Programs that know nothing of mappings, and the tests that run them.

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

add_executable(e2e_own_mappers programs/own_mappers.cpp)
target_link_libraries(e2e_own_mappers PRIVATE placewright_flags placewright::legion_runtime)
set_target_properties(e2e_own_mappers PROPERTIES ENABLE_EXPORTS ON)

add_executable(e2e_loops programs/loops.cpp)
target_link_libraries(e2e_loops PRIVATE placewright_flags placewright::legion_runtime)
set_target_properties(e2e_loops PROPERTIES ENABLE_EXPORTS ON)

find_package(PkgConfig REQUIRED)
pkg_check_modules(openblas REQUIRED IMPORTED_TARGET openblas)
add_executable(e2e_dgemm programs/dgemm.cpp)
target_link_libraries(e2e_dgemm PRIVATE placewright_flags placewright::legion_runtime PkgConfig::openblas)
set_target_properties(e2e_dgemm PROPERTIES ENABLE_EXPORTS ON)

set(legion_headers "$<JOIN:$<TARGET_PROPERTY:placewright::legion_runtime,INTERFACE_INCLUDE_DIRECTORIES>,:>")
placewright_e2e_tests(
  MODULES compare_test gpu_session_test host_copies_test runtime_cost_test sockets_test placement_test memory_test pressure_test failure_test
          application_failure_test tune_failure_test own_mappers_test safety_test codegen_test infer_test profile_test explain_test
          own_build_test experiment_codegen_test agent_test network_test experiment_mappers_test exploration_test record_test simulate_test
  ENVIRONMENT "PLACEWRIGHT_COMPILER=${CMAKE_CXX_COMPILER}"
              "PLACEWRIGHT_LEGION_HEADERS=${legion_headers}")
# The longest of all: compiles twenty mappers. Not at the end, where it would run alone.
set_tests_properties(e2e.CodegenTestCase.sample_of_random_mappings PROPERTIES COST 1000)
