// SPDX-License-Identifier: Apache-2.0
// The mappings that one run tries, by number. One object per process. Thread-safe.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "legion/generation_host.h"
#include "legion/generation_mark.h"
#include "support/recently_used.h"

namespace placewright::legion {

class Generations {
 public:
  /// Called when a mapping cannot decide for some launch.
  using Failed = std::function<void(const std::string& mapping, const decide::Refusal& refusal)>;

  /// Called for a number that is not known yet, on processes that have not come so far themselves.
  using Learn = std::function<void(Generation generation)>;

  /// Call it in Legion's registration callback.
  Generations(Session& session, Legion::Runtime* runtime, Failed failed, Learn learn);

  /// The number of a mapping, which is loaded if it is new; 0 for an empty path and for a mapping that
  /// has errors, which has failed each time. All processes must ask for new ones in the same order.
  [[nodiscard]] Generation number(const std::string& mapping);
  [[nodiscard]] bool knows(Generation generation) const;
  /// Null for 0, for an unknown number, and for a mapping that cannot be read any more.
  [[nodiscard]] std::shared_ptr<GenerationHost> host(Generation generation);
  /// Its path; empty for 0.
  [[nodiscard]] std::string mapping(Generation generation) const;
  void failed(Generation generation, const decide::Refusal& refusal) const {
    failed_(mapping(generation), refusal);
  }

 private:
  static constexpr size_t kMostHosts = 8;

  /// Null, with the errors, for a mapping that has some.
  [[nodiscard]] std::shared_ptr<GenerationHost> load(const std::string& mapping,
                                                     std::string& errors);
  /// The first of so many ids.
  [[nodiscard]] Legion::ShardingID take_shardings(size_t count);

  struct Each {
    std::string mapping;
    std::string errors;  ///< Empty if it has none.
    /// Where there are several processes: Legion keeps its sharding functors for ever.
    std::shared_ptr<GenerationHost> host;
  };
  Session* session_;
  Legion::Runtime* runtime_;
  Failed failed_;
  Learn learn_;
  Legion::ShardingID next_sharding_ = 0;
  Legion::ShardingID end_of_sharding_ = 0;
  mutable std::mutex mutex_;
  std::vector<Each> all_;  ///< From number 1.
  std::map<std::string, Generation> numbers_;
  RecentlyUsed<Generation, std::shared_ptr<GenerationHost>> hosts_{kMostHosts};
};

}  // namespace placewright::legion
