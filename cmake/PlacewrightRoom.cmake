# SPDX-License-Identifier: Apache-2.0
# Flags that every target of the project shares, and the one way to declare a room of src/.

add_library(placewright_flags INTERFACE)
target_compile_features(placewright_flags INTERFACE cxx_std_20)
# Static libraries end up in shared ones.
set_target_properties(placewright_flags PROPERTIES INTERFACE_POSITION_INDEPENDENT_CODE ON)
target_include_directories(placewright_flags INTERFACE "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/include")
target_compile_options(placewright_flags INTERFACE -Wall -Wextra -Wno-missing-field-initializers)
# GCC 12 sees overlaps and overflows in `"text" + std::string` where there are none (GCC bugs 105651 and 105329); it reports the
# latter where the header of std::string is precompiled.
target_compile_options(placewright_flags INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict$<SEMICOLON>-Wno-array-bounds$<SEMICOLON>-Wno-stringop-overflow$<SEMICOLON>-Wno-stringop-overread>)
if(PLACEWRIGHT_WARNINGS_AS_ERRORS)
  target_compile_options(placewright_flags INTERFACE -Werror)
endif()

# placewright_properties(TARGET...)
#
# What placewright_flags cannot hand on. The program looks for libraries in ../lib, whatever the project around this one does.
# Symbols are hidden: rooms end up in a library that is preloaded into programs which may carry other versions of the same names.
function(placewright_properties)
  set_target_properties(${ARGN} PROPERTIES
    CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin" LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/lib")
endfunction()

# placewright_public(TARGET HEADER...)
#
# A library that users link: it brings the headers of include/placewright named, and none of the project's own flags.
function(placewright_public target)
  list(TRANSFORM ARGN PREPEND "${PROJECT_SOURCE_DIR}/include/placewright/" OUTPUT_VARIABLE headers)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${headers})
  target_compile_features(${target} PUBLIC cxx_std_17)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:placewright_flags>)
  placewright_properties(${target})
endfunction()

# placewright_precompile(TARGET header...) and placewright_precompile_from(TARGET OTHER)
#
# Precompiles heavy headers for a target, or takes those of another. Only for GCC: Clang refuses a precompiled header when a target
# defines more macros than the header's, so its presets also prove that every file includes what it needs.
function(placewright_precompile target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_precompile_headers(${target} PRIVATE ${ARGN})
    # ccache needs it to see which precompiled header a file uses.
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()
function(placewright_precompile_from target other)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_precompile_headers(${target} REUSE_FROM ${other})
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  endif()
endfunction()

# What most files of src/ include.
set(placewright_common_headers <algorithm> <filesystem> <fmt/format.h> <fmt/ranges.h> <functional> <map> <memory> <nlohmann/json.hpp>
  <optional> <set> <string> <tl/expected.hpp> <vector>)

set(placewright_cold $<$<NOT:$<CONFIG:Debug>>:-O1>)

# placewright_room(NAME SOURCES file... [DEPENDS target...] [COLD])
#
# A static library placewright_NAME with the alias placewright::NAME. COLD: it waits for runs, models and files; optimizing it
# fully costs more than it can save.
function(placewright_room name)
  cmake_parse_arguments(PARSE_ARGV 1 room "COLD" "" "SOURCES;DEPENDS")
  add_library(placewright_${name} STATIC ${room_SOURCES})
  add_library(placewright::${name} ALIAS placewright_${name})
  target_link_libraries(placewright_${name} PUBLIC placewright_flags ${room_DEPENDS})
  placewright_properties(placewright_${name})
  if(room_COLD)
    target_compile_options(placewright_${name} PRIVATE ${placewright_cold})
    placewright_precompile_from(placewright_${name} placewright_cold_headers)
  elseif(name STREQUAL "support")
    placewright_precompile(placewright_support ${placewright_common_headers})
  else()
    placewright_precompile_from(placewright_${name} placewright_support)
  endif()
endfunction()

# placewright_unit_test(NAME SOURCES file... [DEPENDS target...] [LABELS label...] [EACH_CASE]
#   [TIMING])
#
# A GoogleTest binary as one ctest case unit/NAME, labelled "unit" and with LABELS: starting a process for each of a thousand
# cases takes longer than the cases. `build/dev/bin/NAME --gtest_filter=...` runs a single one. EACH_CASE makes a ctest case of
# each, for code that keeps state as long as its process lives. TIMING is for upper bounds of wall
# time, which need a quiet machine: the ctest cases are timing/..., labelled "timing" instead of
# "unit", and run while no other test does.
function(placewright_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 test "EACH_CASE;TIMING" "" "SOURCES;DEPENDS;LABELS")
  add_executable(${name} ${test_SOURCES})
  target_link_libraries(${name} PRIVATE placewright_flags ${test_DEPENDS} GTest::gmock GTest::gtest_main)
  # Compiling the cases takes longer than running them.
  target_compile_options(${name} PRIVATE -O0)
  placewright_precompile_from(${name} unit_test_headers)
  set(kind unit)
  set(serial FALSE)
  if(test_TIMING)
    set(kind timing)
    set(serial TRUE)
  endif()
  if(test_EACH_CASE)
    if(test_LABELS)
      message(FATAL_ERROR "placewright_unit_test(${name}): EACH_CASE takes no LABELS")
    endif()
    gtest_discover_tests(${name} TEST_PREFIX "${kind}/"
      PROPERTIES LABELS ${kind} TIMEOUT 120 RUN_SERIAL ${serial})
    return()
  endif()
  add_test(NAME ${kind}/${name} COMMAND ${name} --gtest_brief=1)
  # Only a hang takes so long, also with sanitizers on a busy machine.
  set_tests_properties(${kind}/${name} PROPERTIES
    LABELS "${kind};${test_LABELS}" TIMEOUT 900 RUN_SERIAL ${serial})
endfunction()
