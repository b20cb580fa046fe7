# SPDX-License-Identifier: Apache-2.0
# The program finds applications and machines in ../share/placewright, and the Legion runtime in ../lib/placewright/runtime, in
# the build tree as installed.

set(share_folder "${PROJECT_BINARY_DIR}/share/placewright")
file(MAKE_DIRECTORY "${share_folder}")
file(CREATE_LINK "${PROJECT_SOURCE_DIR}/apps" "${share_folder}/apps" SYMBOLIC)
foreach(name machines prices.toml prompts strategies)
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/share/${name}" "${share_folder}/${name}" SYMBOLIC)
endforeach()
if(NOT PLACEWRIGHT_LEGION_ROOT)
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/lib/placewright")
  file(CREATE_LINK "${PLACEWRIGHT_DEPS}/runtime" "${PROJECT_BINARY_DIR}/lib/placewright/runtime" SYMBOLIC)
endif()
