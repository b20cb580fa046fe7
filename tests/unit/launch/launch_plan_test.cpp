// SPDX-License-Identifier: Apache-2.0
#include "launch/launch_plan.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "launch/flags.h"

namespace placewright::launch {
namespace {

/// MiB that each process gets of a shipped machine whose nodes have `host_memory`.
uint64_t system_memory_mib(const std::string& host_memory, int processes) {
  std::ostringstream text;
  text << std::ifstream(PLACEWRIGHT_MACHINES "/p100x4.toml").rdbuf();
  std::string machine = text.str();
  const std::string shipped = "memory = {value = 150000, unit = \"MiB\"";
  const size_t at = machine.find(shipped);
  if (at == std::string::npos) throw std::runtime_error("p100x4.toml has another host memory");
  machine.replace(at, shipped.size(), "memory = {" + host_memory);

  const std::string path = std::filesystem::temp_directory_path() /
                           ("launch_plan_test." + std::to_string(getpid()) + ".toml");
  std::ofstream(path) << machine;
  RunRequest request;
  request.argv = {"./app"};
  request.machine = path;
  request.processes = processes;
  const RealmFlags flags = parse_realm_flags(runtime_words(request).value()).value();
  std::filesystem::remove(path);
  return flags.node.memory_bytes[static_cast<size_t>(machine::MemoryKind::SysMem)] / machine::kMiB;
}

TEST(LaunchPlan, EveryProcessHasTheWholeModelledHostMemory) {
  const std::string small = "value = 24, unit = \"MiB\"";
  EXPECT_EQ(system_memory_mib(small, 1), 24U);
  EXPECT_EQ(system_memory_mib(small, 2), 24U);
}

TEST(LaunchPlan, ProcessesShareHalfOfThisMachinesMemory) {
  const std::string huge = "value = 1048576, unit = \"GiB\"";
  const auto real = static_cast<uint64_t>(sysconf(_SC_PHYS_PAGES)) *
                    static_cast<uint64_t>(sysconf(_SC_PAGE_SIZE)) / machine::kMiB;
  EXPECT_EQ(system_memory_mib(huge, 1), real / 2);
  EXPECT_EQ(system_memory_mib(huge, 2), real / 4);
}

std::string variable(std::string_view wanted, const RunRequest& request,
                     const std::string& folder = "/nowhere") {
  LaunchLibraries libraries;
  libraries.preload = "/plug-in.so";
  const auto plan = plan_launch(request, RunFiles{folder}, libraries);
  if (!plan) throw std::runtime_error(plan.error().message);
  for (const auto& [name, value] : plan->command.environment)
    if (name == wanted) return value.value_or("");
  return "none";
}

std::string legion_flags(const RunRequest& request) {
  return variable("LEGION_DEFAULT_ARGS", request);
}

TEST(LaunchPlan, LegionChecksTheMapperUnlessItsMappingHasRunBefore) {
  RunRequest request;
  request.argv = {"/bin/true"};
  EXPECT_NE(legion_flags(request).find("-lg:safe_mapper"), std::string::npos);
  request.checks_mapper = false;
  EXPECT_EQ(legion_flags(request).find("-lg:safe_mapper"), std::string::npos);
  EXPECT_NE(legion_flags(request).find("-lg:no_auto_tracing"), std::string::npos);
  request.automatic_tracing = true;
  EXPECT_EQ(legion_flags(request).find("-lg:no_auto_tracing"), std::string::npos);
}

TEST(LaunchPlan, AnUntouchedRunHasNeitherPlugInNorFlagsOfOurs) {
  RunRequest request;
  request.argv = {"/bin/true"};
  request.untouched = true;
  LaunchLibraries libraries;
  libraries.preload = "/plug-in.so";
  libraries.runtime_path = "/runtime";
  const auto plan = plan_launch(request, RunFiles{"/nowhere"}, libraries);
  ASSERT_TRUE(plan) << plan.error().message;
  for (const auto& [name, value] : plan->command.environment) {
    if (name == "LD_LIBRARY_PATH") continue;
    EXPECT_EQ(name, "LD_PRELOAD");
    EXPECT_EQ(value.value_or("").find("plug-in"), std::string::npos);
  }
}

TEST(LaunchPlan, OnVirtualGpusCopiesAreWatchedInEveryTimedRun) {
  RunRequest request;
  request.argv = {"/bin/true"};
  request.machine = PLACEWRIGHT_MACHINES "/p100x4.toml";
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("launch_plan_test." + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  for (const bool untouched : {false, true}) {
    request.untouched = untouched;
    request.correctness = false;
    EXPECT_EQ(variable("PLACEWRIGHT_WATCH_COPIES", request, folder), "1");
    EXPECT_THAT(variable("LEGION_DEFAULT_ARGS", request, folder),
                testing::HasSubstr("-lg:no_physical_tracing"));
    EXPECT_THAT(variable("LD_PRELOAD", request, folder), testing::HasSubstr("plug-in"));
    request.correctness = true;
    EXPECT_EQ(variable("PLACEWRIGHT_WATCH_COPIES", request, folder), "none");
  }
  std::filesystem::remove_all(folder);
}

TEST(LaunchPlan, ARuntimeIsModelledWhereTheMachineHasItsCosts) {
  RunRequest request;
  request.argv = {"/bin/true"};
  request.machine = PLACEWRIGHT_MACHINES "/p100x4-sxm2.toml";
  request.runtime_cost = true;
  const auto plan = plan_launch(request, RunFiles{"/nowhere"}, {});
  ASSERT_FALSE(plan);
  EXPECT_THAT(plan.error().message, testing::HasSubstr("no section `[runtime]`"));
}

}  // namespace
}  // namespace placewright::launch
