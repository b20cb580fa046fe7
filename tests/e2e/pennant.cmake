# SPDX-License-Identifier: Apache-2.0
# What pennant must refuse.
function(placewright_pennant_refusal name message)
  add_test(NAME pennant.${name} COMMAND pennant ${ARGN})
  set_tests_properties(pennant.${name} PROPERTIES
    ENVIRONMENT "LD_LIBRARY_PATH=${PROJECT_BINARY_DIR}/lib/no_gpu:${PLACEWRIGHT_RUNTIME_LIBRARY_PATH}"
    PASS_REGULAR_EXPRESSION "error: pennant: ${message}" LABELS e2e TIMEOUT 60)
endfunction()

placewright_pennant_refusal(wrong_argument_is_named "`-npieces` 25 is more than the 24 rows of zones" -npieces 25)
placewright_pennant_refusal(tangled_mesh_is_no_result "the gas has turned zones inside out" -l 430 -ll:cpu 2)
