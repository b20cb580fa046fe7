// SPDX-License-Identifier: Apache-2.0
// Locates the libraries of this project and of the runtime.
#pragma once

#include <string>

#include "support/result.h"

namespace placewright::launch {

struct LaunchLibraries {
  std::string preload;         ///< libplacewright_preload.so
  std::string plugin;          ///< libplacewright_legion.so
  std::string no_gpu;          ///< Folder of the libcuda.so.1 that says "no device".
  std::string virtual_gpu;     ///< Folder of the software CUDA driver.
  std::string ucx_yield;       ///< libplacewright_ucx_yield.so
  std::string network;         ///< libplacewright_network.so
  std::string runtime_script;  ///< Downloads the runtime; only in an installed tree.
  /// Folders of the Legion runtime, UCX and the MPI bootstrap, joined by `:`.
  std::string runtime_path;

  /// Relative to the running program (`../lib`), so that an installed tree can be moved. Does not
  /// check that they exist.
  [[nodiscard]] static LaunchLibraries locate();
  /// Errors: a library that every run needs is missing.
  [[nodiscard]] Result<void> check() const;
};

/// A `:`-joined list of folders, each below the folder `runtime` that scripts/setup_runtime.sh fills:
/// in $PLACEWRIGHT_DEPS, or in `../lib/placewright` as seen from the running program. Absolute
/// folders stay as they are, and an empty list stays empty.
[[nodiscard]] std::string below_runtime(const std::string& folders);

/// Whether an NVIDIA driver is loaded, so that the runtime finds a real libcuda.so.1.
[[nodiscard]] bool has_nvidia_driver();

/// The full path of a program as a shell would find it. Errors: not found, not executable.
[[nodiscard]] Result<std::string> find_program(const std::string& name,
                                               const std::string& working_directory);

/// Whether LD_PRELOAD works for a program. Errors: it is statically linked, or runs as another user
/// or group (set-uid), for which the loader ignores preloads. Scripts pass, because what they start
/// is unknown.
[[nodiscard]] Result<void> check_preloadable(const std::string& program);

}  // namespace placewright::launch
