# The same checksum from circuit, whatever maps it and wherever it runs.
# The sequential program (-verify) finds it too.
function(placewright_circuit_test name)
  placewright_application_run(circuit same_checksum_${name} --expect e1fbaea3891e6c28 ${ARGN})
endfunction()

set(expert --mapping "${PROJECT_SOURCE_DIR}/apps/circuit/mappings/expert.mapping")
set(structs --mapping "${CMAKE_CURRENT_SOURCE_DIR}/array_of_structs.mapping")
set(zero_copy --mapping "${CMAKE_CURRENT_SOURCE_DIR}/zero_copy.mapping")
set(p100 --machine "${PROJECT_SOURCE_DIR}/machines/p100x4.toml" --correctness)

placewright_circuit_test(on_cpus_default_mapper -- -ll:cpu 2)
placewright_circuit_test(on_cpus_expert_mapping ${expert} -- -ll:cpu 2)
placewright_circuit_test(on_cpus_handwritten_mapper -- -ll:cpu 2 -mapper handwritten)
placewright_circuit_test(in_2_processes_default_mapper --processes 2 --)
placewright_circuit_test(in_2_processes_expert_mapping --processes 2 ${expert} --)
placewright_circuit_test(in_2_processes_handwritten_mapper --processes 2 -- -mapper handwritten)
placewright_circuit_test(in_4_processes_expert_mapping --processes 4 ${expert} --)
placewright_circuit_test(on_virtual_gpus_default_mapper ${p100} --)
placewright_circuit_test(on_virtual_gpus_expert_mapping ${p100} ${expert} --)
placewright_circuit_test(on_virtual_gpus_handwritten_mapper ${p100} -- -mapper handwritten)
placewright_circuit_test(on_virtual_gpus_array_of_structs ${p100} ${structs} --)
placewright_circuit_test(on_virtual_gpus_zero_copy_and_cpus ${p100} ${zero_copy} --)

add_test(NAME circuit.wrong_argument_is_named COMMAND circuit -p 5 -pps 2)
set_tests_properties(circuit.wrong_argument_is_named PROPERTIES
  ENVIRONMENT "LD_LIBRARY_PATH=${PROJECT_BINARY_DIR}/lib/no_gpu:${PLACEWRIGHT_RUNTIME_LIBRARY_PATH}"
  PASS_REGULAR_EXPRESSION "error: circuit: `-p` 5 is no multiple of `-pps` 2" LABELS e2e)
