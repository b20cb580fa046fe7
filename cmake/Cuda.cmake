# SPDX-License-Identifier: Apache-2.0
# Finds a CUDA compiler (PLACEWRIGHT_CUDA=AUTO, the default), demands one (ON) or does without (OFF).
# Only the applications' kernels for real GPUs need it; virtual GPUs do not. The compiler is called directly, because CMake 3.25
# does not know the CUDA releases that came after it.
#
#   placewright_cuda_objects(TARGET a.cu ...)   compiles the files and links them, and the CUDA runtime, into TARGET
set(PLACEWRIGHT_CUDA AUTO CACHE STRING "Build the applications' CUDA kernels: AUTO, ON or OFF")
set_property(CACHE PLACEWRIGHT_CUDA PROPERTY STRINGS AUTO ON OFF)
# Machine code for Hopper, and code that a driver translates for everything since Turing.
set(PLACEWRIGHT_CUDA_CODE "-gencode=arch=compute_75,code=compute_75;-gencode=arch=compute_90,code=sm_90"
  CACHE STRING "nvcc options that say for which GPUs the kernels are built")

if(NOT PLACEWRIGHT_CUDA STREQUAL "OFF")
  find_program(PLACEWRIGHT_NVCC nvcc HINTS "$ENV{CUDA_HOME}/bin" /usr/local/cuda/bin)
  if(PLACEWRIGHT_NVCC)
    file(REAL_PATH "${PLACEWRIGHT_NVCC}" nvcc_file)
    cmake_path(GET nvcc_file PARENT_PATH nvcc_folder)
    find_file(PLACEWRIGHT_CUDART libcudart_static.a
      PATHS "${nvcc_folder}/../lib64" "${nvcc_folder}/../targets/x86_64-linux/lib" NO_DEFAULT_PATH)
  endif()
endif()
if(PLACEWRIGHT_NVCC AND PLACEWRIGHT_CUDART)
  set(PLACEWRIGHT_CUDA_FOUND ON)
  message(STATUS "CUDA compiler: ${PLACEWRIGHT_NVCC}")
elseif(PLACEWRIGHT_CUDA STREQUAL "ON")
  message(FATAL_ERROR "No CUDA compiler with a static runtime library was found.\n"
                      "Put nvcc on PATH or set CUDA_HOME, or configure with -DPLACEWRIGHT_CUDA=OFF.")
endif()

function(placewright_cuda_objects target)
  foreach(source IN LISTS ARGN)
    cmake_path(GET source STEM name)
    set(object "${CMAKE_CURRENT_BINARY_DIR}/${target}_${name}.cu.o")
    # No fused multiply-add: the same bits as on the host.
    add_custom_command(OUTPUT "${object}"
      COMMAND "${PLACEWRIGHT_NVCC}" -c -O3 -std=c++20 --fmad=false --expt-relaxed-constexpr ${PLACEWRIGHT_CUDA_CODE} -Xcompiler=-fPIC
        "-I${PROJECT_SOURCE_DIR}/apps" "-I${PROJECT_SOURCE_DIR}/include" -MD -MF "${object}.d" -o "${object}"
        "${CMAKE_CURRENT_SOURCE_DIR}/${source}"
      DEPENDS "${source}" DEPFILE "${object}.d"
      COMMENT "Building CUDA object ${target}_${name}.cu.o" VERBATIM)
    target_sources(${target} PRIVATE "${object}")
  endforeach()
  target_link_libraries(${target} PRIVATE "${PLACEWRIGHT_CUDART}" Threads::Threads ${CMAKE_DL_LIBS} rt)
endfunction()
