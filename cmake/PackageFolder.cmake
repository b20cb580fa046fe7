# SPDX-License-Identifier: Apache-2.0
# Run by cpack when a package's files lie in CPACK_TEMPORARY_DIRECTORY: adds what a .deb has outside of its own folder.
if(CPACK_GENERATOR STREQUAL "DEB")
  # `placewright` follows the link, so it finds its files.
  file(MAKE_DIRECTORY "${CPACK_TEMPORARY_DIRECTORY}/usr/bin" "${CPACK_TEMPORARY_DIRECTORY}/usr/share/doc/placewright"
    "${CPACK_TEMPORARY_DIRECTORY}/usr/share/bash-completion/completions")
  file(CREATE_LINK ../../opt/placewright/bin/placewright "${CPACK_TEMPORARY_DIRECTORY}/usr/bin/placewright" SYMBOLIC)
  file(CREATE_LINK ../../../../opt/placewright/share/bash-completion/completions/placewright
    "${CPACK_TEMPORARY_DIRECTORY}/usr/share/bash-completion/completions/placewright" SYMBOLIC)
  file(COPY_FILE "${CPACK_TEMPORARY_DIRECTORY}/opt/placewright/share/doc/placewright/NOTICE"
    "${CPACK_TEMPORARY_DIRECTORY}/usr/share/doc/placewright/copyright")
endif()
