// SPDX-License-Identifier: Apache-2.0
// How long each processor, copy engine and link is needed at least: nothing can end before.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/timeline.h"

namespace placewright::sim {

struct NamedLoad {
  std::string what;
  double seconds = 0;
};

class Loads {
 public:
  /// What has no name is not told.
  void name(EngineId engine, std::string name) { engines_[engine].what = std::move(name); }
  void name(const Link& link, std::string name);
  void add(const Work& work);
  /// The longest first.
  [[nodiscard]] std::vector<NamedLoad> all() const;

 private:
  struct LinkLoad {
    NamedLoad load;
    double per_second = 0;
  };
  std::map<EngineId, NamedLoad> engines_;
  std::map<const Link*, LinkLoad> links_;
};

}  // namespace placewright::sim
