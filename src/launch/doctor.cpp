// SPDX-License-Identifier: Apache-2.0
#include "launch/doctor.h"

#include <fmt/core.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <sstream>
#include <thread>

#include "launch/libraries.h"
#include "support/child_process.h"

namespace placewright::launch {
namespace {

namespace fs = std::filesystem;

constexpr bool kOwnLegion = PLACEWRIGHT_OWN_LEGION;
constexpr const char* kBuild = "cmake --preset dev && cmake --build --preset dev";

/// What provides the runtime: in an installed tree, the script that comes with it.
std::string set_up() {
  if (kOwnLegion) return "set LD_LIBRARY_PATH to the libraries that your Legion needs";
  const std::string installed = LaunchLibraries::locate().runtime_script;
  return access(installed.c_str(), X_OK) == 0 ? installed : "scripts/setup.sh";
}

/// The first file of that name in a `:`-joined list of folders.
std::optional<fs::path> find_library(const std::string& folders, const std::string& name) {
  std::istringstream stream(folders);
  for (std::string folder; std::getline(stream, folder, ':');) {
    const fs::path path = fs::path(folder) / name;
    if (access(path.c_str(), R_OK) == 0) return path;
  }
  return std::nullopt;
}

/// The version of a wheel, from the folder `name-1.2.3.dist-info` next to the runtime.
std::string wheel_version(const fs::path& library, const std::string& wheel) {
  for (fs::path folder = library.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      const std::string name = entry.path().filename();
      if (name.starts_with(wheel + "-") && name.ends_with(".dist-info"))
        return name.substr(wheel.size() + 1, name.size() - wheel.size() - 11);
    }
  }
  return "";
}

Finding library_finding(const std::string& subject, const std::string& folders,
                        const std::string& name, const std::string& wheel,
                        const std::string& wanted_version) {
  const auto path = find_library(folders, name);
  if (!path) return {false, subject, fmt::format("`{}` is missing", name), set_up()};
  const std::string version = wheel_version(*path, wheel);
  const std::string shown =
      version.empty() ? name : fmt::format("{} ({} {})", name, wheel, version);
  if (!version.empty() && !version.starts_with(wanted_version)) {
    // Without the list of what is installed, the script installs it again.
    return {false, subject, fmt::format("{}, but {} is needed", shown, wanted_version),
            fmt::format("rm {} && {}", below_runtime(".requirements"), set_up())};
  }
  return {true, subject, shown, ""};
}

/// Examines the parts of the runtime that scripts/setup.sh unpacks, besides Legion itself.
void add_wheel_findings(const std::string& folders, std::vector<Finding>& findings) {
  findings.push_back(library_finding("Realm", folders, "librealm-legate.so.25", "legate", "26.1."));
  findings.push_back(library_finding("UCX", folders, "libucp.so.0", "libucx_cu12", "1.19."));
  findings.push_back(library_finding("UCC", folders, "libucc.so.1", "nvidia_libcal_cu12", "0.4."));
  findings.push_back(library_finding("MPI bootstrap", folders, "librealm_ucp_bootstrap_mpi_ompi.so",
                                     "legate", "26.1."));
}

Finding mpi_finding() {
  ChildCommand command;
  command.argv = {"mpirun", "--version"};
  command.timeout_s = 20;
  const Result<ChildResult> result = run_child(command);
  const char* fix = "apt-get install openmpi-bin";
  if (!result) return {false, "MPI", "`mpirun` is missing", fix};
  const std::string first = result->stdout_text.substr(0, result->stdout_text.find('\n'));
  if (first.find("Open MPI") == std::string::npos) {
    return {false, "MPI", fmt::format("`mpirun` is not Open MPI's: {}", first), fix};
  }
  return {true, "MPI", first, ""};
}

Finding plugin_finding(const LaunchLibraries& libraries) {
  const Result<void> there = libraries.check();
  if (!there) return {false, "plug-in", there.error().message, kBuild};
  return {true, "plug-in", libraries.plugin, ""};
}

Finding driver_finding(const LaunchLibraries& libraries) {
  if (has_nvidia_driver()) return {true, "CUDA driver", "an NVIDIA driver is loaded", ""};
  if (find_library(libraries.no_gpu, "libcuda.so.1"))
    return {true, "CUDA driver", "none; runs use the project's own no-device library", ""};
  return {false, "CUDA driver", "none, and the project's no-device library is missing", kBuild};
}

Finding virtual_gpu_finding(const LaunchLibraries& libraries) {
  if (find_library(libraries.virtual_gpu, "libcuda.so.1"))
    return {true, "virtual GPUs", libraries.virtual_gpu, ""};
  return {false, "virtual GPUs", "the software CUDA driver is missing", kBuild};
}

/// The runtime, the stubs and the plug-in must load together: run the dynamic linker on them.
Finding loading_finding(const LaunchLibraries& libraries) {
  ChildCommand command;
  command.argv = {"ldd", libraries.plugin};
  command.environment = {{"LD_LIBRARY_PATH", libraries.no_gpu + ":" + libraries.runtime_path}};
  command.timeout_s = 20;
  const Result<ChildResult> result = run_child(command);
  if (!result) return {false, "loading", result.error().message, "apt-get install libc-bin"};
  const size_t missing = result->stdout_text.find("not found");
  if (missing == std::string::npos && result->exit_status == 0)
    return {true, "loading", "every library that the plug-in needs is found", ""};
  const size_t begin = result->stdout_text.rfind('\n', missing) + 1;
  return {false, "loading",
          result->stdout_text.substr(begin, result->stdout_text.find('\n', missing) - begin),
          set_up()};
}

}  // namespace

std::vector<Finding> examine_installation() {
  const LaunchLibraries libraries = LaunchLibraries::locate();
  const std::string& folders = libraries.runtime_path;
  std::vector<Finding> findings;
  if (folders.empty()) {
    findings.push_back({false, "Legion runtime", "this program was built without Legion",
                        fmt::format("{} && {}", set_up(), kBuild)});
    return findings;
  }
  findings.push_back(
      library_finding("Legion runtime", folders, PLACEWRIGHT_LEGION_LIBRARY, "legate", "26.1."));
  if (!kOwnLegion) add_wheel_findings(folders, findings);
  findings.push_back(mpi_finding());
  findings.push_back(plugin_finding(libraries));
  findings.push_back(driver_finding(libraries));
  findings.push_back(virtual_gpu_finding(libraries));
  findings.push_back(loading_finding(libraries));
  const unsigned cores = std::thread::hardware_concurrency();
  findings.push_back({true, "cores", fmt::format("{}", cores), ""});
  return findings;
}

}  // namespace placewright::launch
