// SPDX-License-Identifier: Apache-2.0
// What the machine that this runs on consists of, by hwloc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "support/result.h"

namespace placewright::discover {

struct HostFacts {
  std::string processor;  ///< The model's name; empty if it is unknown.
  int cores = 1;          ///< That this process may use.
  int packages = 1;
  uint64_t memory_bytes = 0;
  uint64_t cache_bytes = 0;  ///< The largest cache, of which there may be several.
  uint64_t line_bytes = 64;  ///< A cache's.
  std::vector<std::string> gpus;
};

/// Errors: hwloc cannot read the machine.
[[nodiscard]] Result<HostFacts> read_host();

}  // namespace placewright::discover
