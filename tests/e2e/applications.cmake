# What every benchmark application has to show: a verified result and one checksum, whatever maps it and wherever it runs.

# One run of APP on its smallest input: options of `placewright run`, then `--` and options of the application.
function(placewright_application_run app name)
  add_test(NAME ${app}.${name}
    COMMAND Python3::Interpreter "${CMAKE_CURRENT_SOURCE_DIR}/application_checksum.py"
      "$<TARGET_FILE:placewright>" "$<TARGET_FILE:${app}>" ${ARGN})
  # Several at once would wait for each other on few cores.
  set_tests_properties(${app}.${name} PROPERTIES LABELS e2e TIMEOUT 300 PROCESSORS 2)
endfunction()

function(placewright_application_tests app)
  set(expert --mapping "${PROJECT_SOURCE_DIR}/apps/${app}/mappings/expert.mapping")
  set(p100 --machine "${PROJECT_SOURCE_DIR}/machines/p100x4.toml" --correctness)
  placewright_application_run(${app} cpu.default -- -ll:cpu 2)
  placewright_application_run(${app} cpu.expert ${expert} -- -ll:cpu 2)
  placewright_application_run(${app} cpu.handwritten -- -ll:cpu 2 -mapper handwritten)
  placewright_application_run(${app} gpu.expert ${p100} ${expert} --)
  placewright_application_run(${app} gpu.handwritten ${p100} -- -mapper handwritten)
  placewright_application_run(${app} two.expert --processes 2 ${expert} --)
endfunction()

placewright_application_tests(stencil)
placewright_application_tests(johnson)
placewright_application_tests(solomonik)
placewright_application_tests(cosma)
