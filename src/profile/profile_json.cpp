// SPDX-License-Identifier: Apache-2.0
// A profile as JSON, written and read.
#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "profile/profile.h"

namespace placewright::profile {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TaskProfile, task, variant, kind, node, processor, count, wait_s,
                                   run_s, device_s, blocked_s, longest_s, median_s)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ProcessorProfile, kind, node, processor, tasks, busy_s,
                                   runtime_s, window_s)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CopyProfile, from, to, region, source, consumer, argument, count,
                                   bytes, time_s, wait_s, converts)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InstanceProfile, memory, region, task, argument, count, distinct,
                                   bytes, largest, lifetime_s)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MemoryProfile, memory, capacity, peak)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MapperCallProfile, call, count, time_s)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Profile, runtime, nodes, span_s, records, log_bytes, truncated,
                                   tasks, processors, copies, instances, memories, mapper_calls)

std::string to_json(const Profile& profile) {
  nlohmann::json json = profile;
  json["version"] = kProfileVersion;
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Result<Profile> profile_from_json(const std::string& text) {
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    const int version = json.value("version", 0);
    if (version != kProfileVersion) {
      return fail(fmt::format("the profile has version {}, expected {}", version, kProfileVersion),
                  "create it again with this `placewright`");
    }
    return json.get<Profile>();
  } catch (const nlohmann::json::exception& error) {
    return fail(fmt::format("the profile cannot be read: {}", error.what()));
  }
}

}  // namespace placewright::profile
