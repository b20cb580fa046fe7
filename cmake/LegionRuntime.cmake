# SPDX-License-Identifier: Apache-2.0
# Turns a Legion installation into the target placewright::legion_runtime.
#
# Default: the runtime that scripts/setup.sh unpacked into PLACEWRIGHT_DEPS. It is declared by hand because the wheel's CMake
# files ask for a CUDA toolkit, which running on virtual GPUs or on CPUs does not need.
# With PLACEWRIGHT_LEGION_ROOT: find_package(Legion) below that folder.

if(TARGET placewright::legion_runtime)
  return()
endif()
add_library(placewright_legion_runtime INTERFACE)
add_library(placewright::legion_runtime ALIAS placewright_legion_runtime)

if(PLACEWRIGHT_LEGION_ROOT)
  find_package(Legion REQUIRED PATHS "${PLACEWRIGHT_LEGION_ROOT}" NO_DEFAULT_PATH)
  get_target_property(legion_type Legion::Legion TYPE)
  if(NOT legion_type STREQUAL "SHARED_LIBRARY")
    message(FATAL_ERROR "The Legion below ${PLACEWRIGHT_LEGION_ROOT} is not a shared library, so a plug-in cannot share it with a program.\n"
                        "Build Legion with -DBUILD_SHARED_LIBS=ON.")
  endif()
  target_link_libraries(placewright_legion_runtime INTERFACE Legion::Legion)
  set(PLACEWRIGHT_LEGION_LIBRARY "$<TARGET_SONAME_FILE_NAME:Legion::Legion>" CACHE INTERNAL "")
  set(PLACEWRIGHT_RUNTIME_LIBRARY_PATH "$<TARGET_FILE_DIR:Legion::Legion>" CACHE INTERNAL "")
  return()
endif()

set(runtime "${PLACEWRIGHT_DEPS}/runtime")
set(legion_library "${runtime}/legate/lib64/liblegion-legate.so.1")
set(realm_library "${runtime}/legate/lib64/librealm-legate.so.25")
if(NOT EXISTS "${legion_library}")
  message(FATAL_ERROR "The Legion runtime is missing: ${legion_library}\n"
                      "Run scripts/setup.sh, or configure with -DPLACEWRIGHT_LEGION=OFF to build without Legion.")
endif()

set(headers "${runtime}/legate/include/legate/deps")
target_include_directories(placewright_legion_runtime SYSTEM INTERFACE
  "${headers}" "${headers}/legion" "${headers}/mappers" "${headers}/realm")
target_link_libraries(placewright_legion_runtime INTERFACE
  "${legion_library}" "${realm_library}" Threads::Threads ${CMAKE_DL_LIBS})
# The runtime's own needs (libcuda, UCX, UCC) are met when a program starts, not when it is linked.
target_link_options(placewright_legion_runtime INTERFACE
  -Wl,--allow-shlib-undefined "-Wl,-rpath,${runtime}/legate/lib64")

# The library's name in a program that links it.
set(PLACEWRIGHT_LEGION_LIBRARY liblegion-legate.so.1 CACHE INTERNAL "")
# Folders with UCX, UCC and the MPI bootstrap; `placewright run` puts them on the library path.
set(PLACEWRIGHT_RUNTIME_LIBRARY_PATH
  "${runtime}/legate/lib64:${runtime}/legate/lib64/legate/wrapper:${runtime}/libucx/lib:${runtime}/nvidia/libcal/cu12/lib"
  CACHE INTERNAL "")
