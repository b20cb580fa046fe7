# SPDX-License-Identifier: Apache-2.0
# Turns a Legion installation into the target placewright::legion_runtime.
#
# Default: the runtime that scripts/setup_runtime.sh unpacked into PLACEWRIGHT_DEPS. It is declared by hand because the wheel's
# CMake files ask for a CUDA toolkit, which running on virtual GPUs or on CPUs does not need.
# With PLACEWRIGHT_LEGION_ROOT: find_package(Legion) below that folder.
#
# The build of Placewright and the installed package both include this file. The targets are imported, so that the package's
# exported targets can name placewright::legion_runtime without a path of the machine that built them.

if(TARGET placewright::legion_runtime)
  return()
endif()
add_library(placewright::legion_runtime INTERFACE IMPORTED GLOBAL)

if(PLACEWRIGHT_LEGION_ROOT)
  find_package(Legion REQUIRED PATHS "${PLACEWRIGHT_LEGION_ROOT}" NO_DEFAULT_PATH)
  get_target_property(legion_type Legion::Legion TYPE)
  if(NOT legion_type STREQUAL "SHARED_LIBRARY")
    message(FATAL_ERROR "The Legion below ${PLACEWRIGHT_LEGION_ROOT} is not a shared library, so a plug-in cannot share it with a program.\n"
                        "Build Legion with -DBUILD_SHARED_LIBS=ON.")
  endif()
  target_link_libraries(placewright::legion_runtime INTERFACE Legion::Legion)
  set(PLACEWRIGHT_LEGION_LIBRARY "$<TARGET_SONAME_FILE_NAME:Legion::Legion>" CACHE INTERNAL "")
  set(PLACEWRIGHT_RUNTIME_FOLDERS "$<TARGET_FILE_DIR:Legion::Legion>" CACHE INTERNAL "")
  set(PLACEWRIGHT_RUNTIME_LIBRARY_PATH "${PLACEWRIGHT_RUNTIME_FOLDERS}" CACHE INTERNAL "")
  set(PLACEWRIGHT_RUNTIME_HEADERS "$<JOIN:$<TARGET_PROPERTY:Legion::Legion,INTERFACE_INCLUDE_DIRECTORIES>,:>" CACHE INTERNAL "")
  return()
endif()

set(runtime "${PLACEWRIGHT_DEPS}/runtime")
set(legion_library "${runtime}/legate/lib64/liblegion-legate.so.1")
set(realm_library "${runtime}/legate/lib64/librealm-legate.so.25")
if(NOT EXISTS "${legion_library}")
  message(FATAL_ERROR "The Legion runtime is missing: ${legion_library}\n"
                      "Run scripts/setup.sh, or an installed Placewright's share/placewright/setup_runtime.sh, or name the folder that\n"
                      "contains `runtime` with -DPLACEWRIGHT_DEPS=. -DPLACEWRIGHT_LEGION=OFF builds Placewright without Legion.")
endif()

set(headers legate/include/legate/deps)
set(header_folders ${headers} ${headers}/legion ${headers}/mappers ${headers}/realm)
# Folders with Legion, UCX, UCC and the MPI bootstrap; `placewright run` puts them on the library path.
set(library_folders legate/lib64 legate/lib64/legate/wrapper libucx/lib nvidia/libcal/cu12/lib)

foreach(name legion realm)
  add_library(placewright::${name}_library SHARED IMPORTED GLOBAL)
  set_target_properties(placewright::${name}_library PROPERTIES IMPORTED_LOCATION "${${name}_library}")
endforeach()
list(TRANSFORM header_folders PREPEND "${runtime}/" OUTPUT_VARIABLE absolute)
target_include_directories(placewright::legion_runtime INTERFACE ${absolute})
target_link_libraries(placewright::legion_runtime INTERFACE
  placewright::legion_library placewright::realm_library Threads::Threads ${CMAKE_DL_LIBS})
# The runtime's own needs (libcuda, UCX, UCC) are met when a program starts, not when it is linked.
target_link_options(placewright::legion_runtime INTERFACE -Wl,--allow-shlib-undefined)

# The library's name in a program that links it.
set(PLACEWRIGHT_LEGION_LIBRARY liblegion-legate.so.1 CACHE INTERNAL "")
# Joined by `:`, below the folder of the runtime, wherever that is when a program runs.
list(JOIN library_folders ":" joined)
set(PLACEWRIGHT_RUNTIME_FOLDERS "${joined}" CACHE INTERNAL "")
list(JOIN header_folders ":" joined)
set(PLACEWRIGHT_RUNTIME_HEADERS "${joined}" CACHE INTERNAL "")
# The same libraries' folders on this machine.
list(TRANSFORM library_folders PREPEND "${runtime}/")
list(JOIN library_folders ":" joined)
set(PLACEWRIGHT_RUNTIME_LIBRARY_PATH "${joined}" CACHE INTERNAL "")
