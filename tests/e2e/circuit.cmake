# SPDX-License-Identifier: Apache-2.0
# More tests of circuit: four processes, and instances with other layouts.
set(expected --expect e1fbaea3891e6c28)
set(p100 --machine "${PROJECT_SOURCE_DIR}/share/machines/p100x4.toml" --correctness)
placewright_application_run(circuit four.cpu.expert --processes 4 ${expected}
  --mapping "${PROJECT_SOURCE_DIR}/apps/circuit/mappings/expert.mapping" --)
placewright_application_run(circuit gpu.array_of_structs ${expected} ${p100} --mapping "${CMAKE_CURRENT_SOURCE_DIR}/array_of_structs.mapping" --)
placewright_application_run(circuit gpu.zero_copy_and_cpus ${expected} ${p100} --mapping "${CMAKE_CURRENT_SOURCE_DIR}/zero_copy.mapping" --)

add_test(NAME circuit.wrong_argument_is_named COMMAND circuit -p 5 -pps 2)
set_tests_properties(circuit.wrong_argument_is_named PROPERTIES
  ENVIRONMENT "LD_LIBRARY_PATH=${PROJECT_BINARY_DIR}/lib/no_gpu:${PLACEWRIGHT_RUNTIME_LIBRARY_PATH}"
  PASS_REGULAR_EXPRESSION "error: circuit: `-p` 5 is not a multiple of `-pps` 2" LABELS e2e)
