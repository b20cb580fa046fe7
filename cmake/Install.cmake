# SPDX-License-Identifier: Apache-2.0
# `cmake --install`: the program, its libraries beside it, and a package that find_package(Placewright) finds. The installed
# tree can be moved: it contains no path of the machine that built it, unless that machine chose a Legion of its own.

include(CMakePackageConfigHelpers)

set(PLACEWRIGHT_PACKAGE lib/cmake/Placewright)
# `placewright` looks for its libraries in ../lib, whatever the system calls such a folder.
install(TARGETS placewright RUNTIME DESTINATION bin)
install(TARGETS placewright_preload placewright_ucx_yield placewright_network LIBRARY DESTINATION lib)
install(TARGETS placewright_no_gpu LIBRARY DESTINATION lib/no_gpu)
install(TARGETS placewright_virtual_gpu LIBRARY DESTINATION lib/virtual_gpu)
install(DIRECTORY share/machines share/prompts share/strategies DESTINATION share/placewright)
install(FILES share/prices.toml DESTINATION share/placewright)
install(FILES LICENSE NOTICE DESTINATION share/doc/placewright)
install(FILES "${PROJECT_BINARY_DIR}/share/bash-completion/completions/placewright"
  DESTINATION share/bash-completion/completions)
# Downloads the runtime into lib/placewright, for a tree that comes without one.
install(PROGRAMS scripts/setup_runtime.sh DESTINATION share/placewright)
install(FILES scripts/requirements-runtime.txt DESTINATION share/placewright)
# Programs, mappings and study files of the applications that are built.
install(FILES apps/applications.txt DESTINATION share/placewright/apps)
file(STRINGS apps/applications.txt applications REGEX "^[a-z]")
foreach(application IN LISTS applications)
  if(TARGET ${application})
    install(TARGETS ${application} RUNTIME DESTINATION bin)
    install(DIRECTORY apps/${application} DESTINATION share/placewright/apps
            FILES_MATCHING PATTERN "*.mapping" PATTERN "*.study.toml")
    list(APPEND linked_with_legion ${application})
  endif()
endforeach()

# What the user's own programs link, with its headers.
install(TARGETS placewright_legion placewright_modelled_task placewright_task_cost placewright_machine_table
  EXPORT PlacewrightTargets
  LIBRARY DESTINATION lib
  ARCHIVE DESTINATION lib
  FILE_SET HEADERS DESTINATION include)
foreach(target legion modelled_task task_cost machine_table)
  set_target_properties(placewright_${target} PROPERTIES EXPORT_NAME ${target})
endforeach()
install(EXPORT PlacewrightTargets NAMESPACE placewright:: DESTINATION ${PLACEWRIGHT_PACKAGE})

# Where setup_runtime.sh unpacks the runtime. `placewright run` needs none of this: it sets the library path.
if(PLACEWRIGHT_LEGION_ROOT)
  set_target_properties(placewright_legion ${linked_with_legion} PROPERTIES INSTALL_RPATH_USE_LINK_PATH ON)
else()
  set_target_properties(placewright_legion PROPERTIES INSTALL_RPATH "$ORIGIN/placewright/runtime/legate/lib64")
  set_target_properties(${linked_with_legion} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/placewright/runtime/legate/lib64")
endif()

configure_package_config_file(cmake/PlacewrightConfig.cmake.in "${PROJECT_BINARY_DIR}/PlacewrightConfig.cmake"
  INSTALL_DESTINATION ${PLACEWRIGHT_PACKAGE})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/PlacewrightConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/PlacewrightConfig.cmake" "${PROJECT_BINARY_DIR}/PlacewrightConfigVersion.cmake"
  cmake/LegionRuntime.cmake
  DESTINATION ${PLACEWRIGHT_PACKAGE})
