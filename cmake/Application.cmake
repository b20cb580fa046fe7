# SPDX-License-Identifier: Apache-2.0
# Declares a benchmark application in apps/.
#
#   placewright_application(NAME SOURCES a.cpp ... [CUDA kernels.cu ...] [LIBRARIES ...])
#
# NAME becomes a program in bin/. The CUDA files are compiled where a CUDA compiler was found; without one the program's GPU
# variants run on virtual GPUs only.
function(placewright_application name)
  cmake_parse_arguments(PARSE_ARGV 1 app "" "" "SOURCES;CUDA;LIBRARIES")
  add_executable(${name} ${app_SOURCES})
  target_link_libraries(${name} PRIVATE placewright::apps_common ${app_LIBRARIES})
  set_target_properties(${name} PROPERTIES ENABLE_EXPORTS ON)
  if(PLACEWRIGHT_CUDA_FOUND AND app_CUDA)
    placewright_cuda_objects(${name} ${app_CUDA})
    target_compile_definitions(${name} PRIVATE APPS_WITH_CUDA)
  endif()
endfunction()
