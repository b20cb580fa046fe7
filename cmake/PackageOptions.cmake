# SPDX-License-Identifier: Apache-2.0
# Read by cpack for each generator.
if(CPACK_GENERATOR STREQUAL "DEB")
  # A folder of its own: programs with names such as `circuit` have no place in /usr/bin.
  set(CPACK_PACKAGING_INSTALL_PREFIX /opt/placewright)
endif()
