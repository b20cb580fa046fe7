# SPDX-License-Identifier: Apache-2.0
# placewright_embed(OUT KIND FOLDER SUFFIX NAME...)
#
# Sets OUT to entries of a C++ array, `{"NAME", "text of FOLDER/NAME.SUFFIX"},`, as raw strings with the delimiter KIND. A change of a
# file configures again.
function(placewright_embed out kind folder suffix)
  set(entries "")
  foreach(name IN LISTS ARGN)
    set(file "${PROJECT_SOURCE_DIR}/${folder}/${name}.${suffix}")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(READ "${file}" text)
    string(APPEND entries "    {\"${name}\", R\"${kind}(${text})${kind}\"},\n")
  endforeach()
  set(${out} "${entries}" PARENT_SCOPE)
endfunction()
