// SPDX-License-Identifier: Apache-2.0
#include "legion/names.h"

#include <algorithm>

namespace placewright::legion {
namespace {

using Legion::LogicalPartition;
using Legion::LogicalRegion;
using Legion::RegionRequirement;
using Legion::Mapping::MapperContext;
using Legion::Mapping::MapperRuntime;

/// Programs that create and destroy regions forever must not fill the cache.
constexpr size_t kMaxKnownRegions = 100'000;

template <class Handle>
void add_name(MapperRuntime* runtime, MapperContext ctx, Handle handle,
              std::vector<std::string>& names) {
  const void* text = nullptr;
  size_t size = 0;
  if (!runtime->retrieve_semantic_information(ctx, handle, LEGION_NAME_SEMANTIC_TAG, text, size,
                                              /*can_fail=*/true) ||
      text == nullptr) {
    return;
  }
  std::string name(static_cast<const char*>(text));
  if (!name.empty() && std::ranges::find(names, name) == names.end())
    names.push_back(std::move(name));
}

/// The region that determines the names: for a projection over a partition, the parent region of
/// the requirement.
LogicalRegion region_of(const RegionRequirement& requirement) {
  return requirement.region.exists() ? requirement.region : requirement.parent;
}

}  // namespace

std::vector<std::string> region_names(MapperRuntime* runtime, MapperContext ctx,
                                      const RegionRequirement& requirement) {
  std::vector<std::string> names;
  const LogicalRegion region = region_of(requirement);
  add_name(runtime, ctx, region, names);
  if (runtime->has_parent_logical_partition(ctx, region))
    add_name(runtime, ctx, runtime->get_parent_logical_partition(ctx, region), names);
  if (requirement.parent != region) add_name(runtime, ctx, requirement.parent, names);
  return names;
}

RegionNames::RegionNames(MapperRuntime* runtime, Host& host) : runtime_(runtime), host_(&host) {
  used_ = host.rules() != nullptr && host.rules()->uses_region_names();
  (void)intern({});
}

NamesId RegionNames::ids(MapperContext ctx, const RegionRequirement& requirement) {
  if (!used_) return NamesId{0};
  const Key key{region_of(requirement), requirement.parent};
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second;
  std::vector<policy::RegionId> list;
  for (const std::string& name : region_names(runtime_, ctx, requirement)) {
    host_->met_region(name);
    list.push_back(host_->rules()->region(name));
  }
  const NamesId id = intern(std::move(list));
  if (known_.size() >= kMaxKnownRegions) known_.clear();
  known_[key] = id;
  return id;
}

NamesId RegionNames::intern(std::vector<policy::RegionId> list) {
  const auto [entry, is_new] =
      interned_.try_emplace(std::move(list), NamesId{static_cast<int32_t>(lists_.size())});
  if (is_new) lists_.push_back(&entry->first);
  return entry->second;
}

}  // namespace placewright::legion
