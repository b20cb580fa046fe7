# SPDX-License-Identifier: Apache-2.0
# Compiles through ccache where it is installed, so that a fresh clone in another folder compiles from the same cache.
find_program(PLACEWRIGHT_CCACHE ccache)
mark_as_advanced(PLACEWRIGHT_CCACHE)
if(PLACEWRIGHT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths below the source folder count as relative, and the build folder's own path does not count. The sloppiness is what ccache's
  # manual asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=true
    CCACHE_SLOPPINESS=pch_defines,time_macros "${PLACEWRIGHT_CCACHE}")
  set(CMAKE_C_COMPILER_LAUNCHER "${CMAKE_CXX_COMPILER_LAUNCHER}")
endif()
