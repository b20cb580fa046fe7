// SPDX-License-Identifier: Apache-2.0
#include "discover/host_facts.h"

#include <hwloc.h>

#include <algorithm>
#include <memory>

namespace placewright::discover {
namespace {

struct Destroy {
  void operator()(hwloc_topology* topology) const { hwloc_topology_destroy(topology); }
};
using Topology = std::unique_ptr<hwloc_topology, Destroy>;

Topology load() {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) return nullptr;
  Topology topology(raw);
  hwloc_topology_set_io_types_filter(raw, HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
  return hwloc_topology_load(raw) == 0 ? std::move(topology) : nullptr;
}

int count(const Topology& topology, hwloc_obj_type_t type) {
  return std::max(1, hwloc_get_nbobjs_by_type(topology.get(), type));
}

void read_caches(const Topology& topology, HostFacts& facts) {
  for (const hwloc_obj_type_t type : {HWLOC_OBJ_L1CACHE, HWLOC_OBJ_L2CACHE, HWLOC_OBJ_L3CACHE}) {
    const hwloc_obj* cache = hwloc_get_next_obj_by_type(topology.get(), type, nullptr);
    if (cache == nullptr) continue;
    facts.cache_bytes = std::max<uint64_t>(facts.cache_bytes, cache->attr->cache.size);
    if (cache->attr->cache.linesize > 0) facts.line_bytes = cache->attr->cache.linesize;
  }
}

void read_gpus(const Topology& topology, HostFacts& facts) {
  for (hwloc_obj_t device = nullptr;
       (device = hwloc_get_next_osdev(topology.get(), device)) != nullptr;) {
    const hwloc_obj_osdev_type_t type = device->attr->osdev.type;
    if (type != HWLOC_OBJ_OSDEV_COPROC && type != HWLOC_OBJ_OSDEV_GPU) continue;
    const char* model = hwloc_obj_get_info_by_name(device, "GPUModel");
    if (model != nullptr) facts.gpus.emplace_back(model);
  }
}

}  // namespace

Result<HostFacts> read_host() {
  const Topology topology = load();
  if (topology == nullptr) return fail("the machine's parts cannot be read (hwloc)");
  HostFacts facts;
  facts.cores = count(topology, HWLOC_OBJ_CORE);
  facts.packages = count(topology, HWLOC_OBJ_PACKAGE);
  facts.memory_bytes = hwloc_get_root_obj(topology.get())->total_memory;
  hwloc_obj_t package = hwloc_get_next_obj_by_type(topology.get(), HWLOC_OBJ_PACKAGE, nullptr);
  const char* model =
      package == nullptr ? nullptr : hwloc_obj_get_info_by_name(package, "CPUModel");
  if (model != nullptr) facts.processor = model;
  read_caches(topology, facts);
  read_gpus(topology, facts);
  return facts;
}

}  // namespace placewright::discover
