// SPDX-License-Identifier: Apache-2.0
#include "legion/generations.h"

#include <fmt/core.h>

#include "decide/load.h"

namespace placewright::legion {

namespace {

/// Sharding functors of all mappings of a run; one has a few dozen.
constexpr size_t kMostShardings = 1 << 20;

}  // namespace

Generations::Generations(Session& session, Legion::Runtime* runtime, Failed failed, Learn learn)
    : session_(&session), runtime_(runtime), failed_(std::move(failed)), learn_(std::move(learn)) {
  // Asked for later, they would cost a message to another process.
  next_sharding_ = runtime->generate_library_sharding_ids("placewright mappings", kMostShardings);
  end_of_sharding_ = next_sharding_ + kMostShardings;
}

Legion::ShardingID Generations::take_shardings(size_t count) {
  if (count > end_of_sharding_ - next_sharding_)
    session_->refuse({"cannot explore: the run has tried too many mappings"});
  const Legion::ShardingID first = next_sharding_;
  next_sharding_ += static_cast<Legion::ShardingID>(count);
  return first;
}

bool Generations::knows(Generation generation) const {
  const std::lock_guard lock(mutex_);
  return generation <= all_.size();
}

Generation Generations::number(const std::string& mapping) {
  if (mapping.empty()) return 0;
  decide::Refusal refusal;
  {
    const std::lock_guard lock(mutex_);
    auto [known, is_new] = numbers_.try_emplace(mapping, static_cast<Generation>(all_.size() + 1));
    if (is_new) {
      Each each{mapping, "", nullptr};
      auto host = load(mapping, each.errors);
      if (host != nullptr && session_->machine().node_count() > 1) {
        host->register_sharding(runtime_, [this](size_t count) { return take_shardings(count); });
        each.host = host;
      }
      if (host != nullptr) hosts_.add(known->second, std::move(host));
      all_.push_back(std::move(each));
    }
    refusal.message = all_[known->second - 1].errors;
    if (refusal.message.empty()) return known->second;
  }
  refusal.id = "invalid-mapping";
  failed_(mapping, refusal);
  return 0;
}

std::shared_ptr<GenerationHost> Generations::load(const std::string& mapping, std::string& errors) {
  decide::LoadedRules loaded = decide::load_rules(mapping, session_->machine().shape());
  if (loaded.rules) return std::make_shared<GenerationHost>(*session_, std::move(loaded.rules));
  errors = std::move(loaded.messages);
  return nullptr;
}

std::shared_ptr<GenerationHost> Generations::host(Generation generation) {
  if (!knows(generation)) learn_(generation);
  const std::lock_guard lock(mutex_);
  if (generation == 0 || generation > all_.size()) return nullptr;
  if (const auto* known = hosts_.find(generation)) return *known;
  Each& each = all_[generation - 1];
  if (each.host != nullptr) return each.host;
  if (!each.errors.empty()) return nullptr;
  auto host = load(each.mapping, each.errors);
  if (host != nullptr) hosts_.add(generation, host);
  return host;
}

std::string Generations::mapping(Generation generation) const {
  const std::lock_guard lock(mutex_);
  return generation == 0 || generation > all_.size() ? "" : all_[generation - 1].mapping;
}

}  // namespace placewright::legion
