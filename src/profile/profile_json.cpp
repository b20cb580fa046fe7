// SPDX-License-Identifier: Apache-2.0
// A profile as JSON, written and read.
#include <fmt/core.h>

#include "profile/profile.h"
#include "support/json.h"

namespace placewright::profile {
namespace {

MemoryPlace place_in(const nlohmann::json& json) {
  const auto text = json.get<std::string>();
  const auto place = parse_memory_place(text);
  if (!place) json_detail::misfit(json, "a kind of memory and where it is");
  return *place;
}

}  // namespace

void to_json(nlohmann::json& json, const MemoryPlace& place) { json = to_string(place); }
void from_json(const nlohmann::json& json, MemoryPlace& place) { place = place_in(json); }

}  // namespace placewright::profile

/// An empty text where there is no memory.
template <>
struct nlohmann::adl_serializer<std::optional<placewright::profile::MemoryPlace>> {
  using Place = std::optional<placewright::profile::MemoryPlace>;
  static void to_json(json& value, const Place& place) { value = place ? to_string(*place) : ""; }
  static void from_json(const json& value, Place& place) {
    place = value == "" ? Place() : value.get<placewright::profile::MemoryPlace>();
  }
};

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
  auto profile = read_json_text(text, [](const nlohmann::json& json) -> Result<Profile> {
    const int version = json.value("version", 0);
    if (version == kProfileVersion) return json.get<Profile>();
    return fail(fmt::format("it has version {}, expected {}", version, kProfileVersion),
                "create it again with this `placewright`");
  });
  if (!profile) profile.error().message = "the profile cannot be read: " + profile.error().message;
  return profile;
}

}  // namespace placewright::profile
