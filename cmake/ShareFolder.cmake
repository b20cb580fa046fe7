# SPDX-License-Identifier: Apache-2.0
# The program finds applications and machines in ../share/placewright, in the build tree as installed.

set(share_folder "${PROJECT_BINARY_DIR}/share/placewright")
file(MAKE_DIRECTORY "${share_folder}")
file(CREATE_LINK "${PROJECT_SOURCE_DIR}/apps" "${share_folder}/apps" SYMBOLIC)
foreach(name machines prices.toml prompts)
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/share/${name}" "${share_folder}/${name}" SYMBOLIC)
endforeach()
