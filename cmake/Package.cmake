# SPDX-License-Identifier: Apache-2.0
# `cpack`: what `cmake --install` installs, as a tar.gz that runs wherever it is unpacked and as a .deb. The Legion runtime is not
# part of either, because one of its wheels may not be passed on; share/placewright/setup_runtime.sh downloads it.

# Debian's packages with the shared libraries that the programs, the plug-in and the Legion runtime (libatomic1) need.
# scripts/package.sh proves the list complete.
set(PLACEWRIGHT_DEBIAN_PACKAGES
  libatomic1 libc6 libcurl4 libfmt9 libgcc-s1 libhwloc15 libopenblas0 libre2-9 libsqlite3-0 libstdc++6 libtomlplusplus3 libxxhash0 zlib1g)

# For the tar.gz: apt-get install $(cat share/doc/placewright/debian-packages)
list(JOIN PLACEWRIGHT_DEBIAN_PACKAGES "\n" lines)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/debian-packages" CONTENT "@lines@\n" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/debian-packages" DESTINATION share/doc/placewright)

set(CPACK_GENERATOR TGZ DEB)
set(CPACK_PACKAGE_NAME placewright)
set(CPACK_PACKAGE_VENDOR "The Placewright Authors")
set(CPACK_PACKAGE_CONTACT "The Placewright Authors")
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION "${PROJECT_DESCRIPTION}. Licence: Apache-2.0. Copyright: The Placewright Authors.")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_SYSTEM_NAME "linux-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
list(JOIN PLACEWRIGHT_DEBIAN_PACKAGES ", " CPACK_DEBIAN_PACKAGE_DEPENDS)
# TLS for language models.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
# Runs of several processes, and setup_runtime.sh. Only suggested, because what these two recommend includes a compiler.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "openmpi-bin, python3-pip")
set(CPACK_PROJECT_CONFIG_FILE "${PROJECT_SOURCE_DIR}/cmake/PackageOptions.cmake")
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/PackageFolder.cmake")
include(CPack)
