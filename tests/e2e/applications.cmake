# SPDX-License-Identifier: Apache-2.0
# Tests of every benchmark application: a verified result and the same checksum under each mapper, on each machine.

# One run of APP on its smallest input: options of `placewright run`, then `--` and options of the application. The run under the
# experts' mapping on virtual GPUs is in every test run; the label `applications` marks the others (`scripts/test.sh --applications`).
function(placewright_application_run app name)
  add_test(NAME ${app}.${name}
    COMMAND Python3::Interpreter "${CMAKE_CURRENT_SOURCE_DIR}/application_checksum.py"
      "$<TARGET_FILE:placewright>" "$<TARGET_FILE:${app}>" ${ARGN})
  # Processes that poll take turns on few cores.
  set(processors 1)
  if("--processes" IN_LIST ARGN)
    set(processors 2)
  endif()
  set(label applications)
  if(name STREQUAL "gpu.expert")
    set(label e2e)
  endif()
  set_tests_properties(${app}.${name} PROPERTIES LABELS ${label} TIMEOUT 300 PROCESSORS ${processors})
endfunction()

# Every mapper on CPUs and on virtual GPUs, in one process and in two. APP's sequential program finds CHECKSUM too.
function(placewright_application_tests app checksum)
  set(mapping_default)
  set(words_default)
  set(mapping_expert --mapping "${PROJECT_SOURCE_DIR}/apps/${app}/mappings/expert.mapping")
  set(words_expert)
  set(mapping_handwritten)
  set(words_handwritten -mapper handwritten)
  set(gpus --machine "${PROJECT_SOURCE_DIR}/share/machines/p100x4.toml" --correctness)
  foreach(mapper default expert handwritten)
    set(options --expect ${checksum} ${mapping_${mapper}})
    placewright_application_run(${app} cpu.${mapper} ${options} -- -ll:cpu 2 ${words_${mapper}})
    placewright_application_run(${app} gpu.${mapper} ${options} ${gpus} -- ${words_${mapper}})
    placewright_application_run(${app} two.cpu.${mapper} --processes 2 ${options} -- ${words_${mapper}})
    placewright_application_run(${app} two.gpu.${mapper} --processes 2 ${options} ${gpus} -- ${words_${mapper}})
  endforeach()
endfunction()

placewright_application_tests(circuit e1fbaea3891e6c28)
placewright_application_tests(stencil ead4b310b95ff6b0)
placewright_application_tests(pennant 0cb273fdcbb835b6)
# The same product by six algorithms.
foreach(app cannon summa pumma johnson solomonik cosma)
  placewright_application_tests(${app} 98b27aa28f3d9f31)
endforeach()
