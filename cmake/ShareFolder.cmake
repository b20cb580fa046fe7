# SPDX-License-Identifier: Apache-2.0
# The program finds applications and machines in ../share/placewright, in the build tree as installed.

set(share_folder "${PROJECT_BINARY_DIR}/share/placewright")
file(MAKE_DIRECTORY "${share_folder}")
foreach(folder apps machines)
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/${folder}" "${share_folder}/${folder}" SYMBOLIC)
endforeach()
