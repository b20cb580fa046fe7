# SPDX-License-Identifier: Apache-2.0
# `cmake --install`: the program, its libraries beside it, and a package that find_package(Placewright) finds.

include(CMakePackageConfigHelpers)

set(PLACEWRIGHT_PACKAGE lib/cmake/Placewright)
set(installed_libraries placewright_legion placewright_preload placewright_ucx_yield placewright_network)
# `placewright` looks for its libraries in ../lib, whatever the system calls such a folder.
install(TARGETS placewright RUNTIME DESTINATION bin)
install(TARGETS ${installed_libraries} LIBRARY DESTINATION lib)
install(TARGETS placewright_no_gpu LIBRARY DESTINATION lib/no_gpu)
install(TARGETS placewright_virtual_gpu LIBRARY DESTINATION lib/virtual_gpu)
install(FILES include/placewright/mapper.h DESTINATION include/placewright)
install(DIRECTORY share/machines share/prompts DESTINATION share/placewright)
install(FILES share/prices.toml DESTINATION share/placewright)
# Programs, mappings and study files of the applications that are built.
install(FILES apps/applications.txt DESTINATION share/placewright/apps)
file(STRINGS apps/applications.txt applications REGEX "^[a-z]")
foreach(application IN LISTS applications)
  if(TARGET ${application})
    install(TARGETS ${application} RUNTIME DESTINATION bin)
    install(DIRECTORY apps/${application} DESTINATION share/placewright/apps
            FILES_MATCHING PATTERN "*.mapping" PATTERN "*.study.toml")
  endif()
endforeach()

configure_package_config_file(cmake/PlacewrightConfig.cmake.in "${PROJECT_BINARY_DIR}/PlacewrightConfig.cmake"
  INSTALL_DESTINATION ${PLACEWRIGHT_PACKAGE})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/PlacewrightConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/PlacewrightConfig.cmake" "${PROJECT_BINARY_DIR}/PlacewrightConfigVersion.cmake"
  cmake/LegionRuntime.cmake
  DESTINATION ${PLACEWRIGHT_PACKAGE})
