// SPDX-License-Identifier: Apache-2.0
#include "launch/libraries.h"

#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace placewright::launch {

namespace fs = std::filesystem;

namespace {

/// `../lib` as seen from the running program.
fs::path library_folder() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  return program.parent_path().parent_path() / "lib";
}

}  // namespace

std::string below_runtime(const std::string& folders) {
  const char* deps = std::getenv("PLACEWRIGHT_DEPS");
  const bool is_set = deps != nullptr && *deps != '\0';
  std::error_code ignored;
  const fs::path runtime =
      (is_set ? fs::absolute(deps, ignored) : library_folder() / "placewright") / "runtime";
  std::string result;
  std::istringstream list(folders);
  for (std::string folder; std::getline(list, folder, ':');)
    result += (result.empty() ? "" : ":") + (runtime / folder).string();
  return result;
}

LaunchLibraries LaunchLibraries::locate() {
  const fs::path folder = library_folder();
  LaunchLibraries result;
  result.preload = folder / "libplacewright_preload.so";
  result.plugin = folder / "libplacewright_legion.so";
  result.no_gpu = folder / "no_gpu";
  result.virtual_gpu = folder / "virtual_gpu";
  result.ucx_yield = folder / "libplacewright_ucx_yield.so";
  result.network = folder / "libplacewright_network.so";
  result.runtime_script = folder.parent_path() / "share/placewright/setup_runtime.sh";
  result.runtime_path = below_runtime(PLACEWRIGHT_RUNTIME_FOLDERS);
  return result;
}

Result<void> LaunchLibraries::check() const {
  for (const std::string& file : {preload, plugin}) {
    if (access(file.c_str(), R_OK) != 0) {
      return fail(fmt::format("the Legion plug-in is missing: `{}`", file),
                  "build it with `cmake --build --preset dev` (needs PLACEWRIGHT_LEGION=ON)");
    }
  }
  return {};
}

bool has_nvidia_driver() {
  // A container may show only one of the two.
  return access("/proc/driver/nvidia/version", R_OK) == 0 || access("/dev/nvidiactl", F_OK) == 0;
}

Result<std::string> find_program(const std::string& name, const std::string& working_directory) {
  std::vector<fs::path> candidates;
  if (name.find('/') != std::string::npos) {
    candidates.push_back(fs::path(working_directory) / name);
  } else {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path == nullptr ? "" : path);
    for (std::string folder; std::getline(folders, folder, ':');)
      candidates.push_back(fs::path(folder) / name);
  }
  bool exists = false;
  for (const fs::path& candidate : candidates) {
    std::error_code ignored;
    if (!fs::is_regular_file(candidate, ignored)) continue;
    exists = true;
    if (access(candidate.c_str(), X_OK) == 0) return candidate.string();
  }
  return fail(fmt::format("cannot start `{}`: {}", name,
                          exists ? "it is not executable" : "no such program"));
}

}  // namespace placewright::launch
