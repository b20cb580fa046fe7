// SPDX-License-Identifier: Apache-2.0
#include "legion/generations.h"

#include <fmt/core.h>

#include "decide/load.h"

namespace placewright::legion {

Generation Generations::number(const std::string& mapping) {
  if (mapping.empty()) return 0;
  std::optional<Generation> known;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = numbers_.find(mapping); found != numbers_.end()) known = found->second;
  }
  const Generation number = known ? *known : load(mapping);
  if (host(number) != nullptr) return number;
  decide::Refusal refusal;
  refusal.id = "invalid-mapping";
  {
    const std::lock_guard lock(mutex_);
    refusal.message = all_[number - 1].errors;
  }
  failed_(mapping, refusal);
  return 0;
}

Generation Generations::load(const std::string& mapping) {
  decide::LoadedRules loaded = decide::load_rules(mapping, session_->machine().shape());
  const std::lock_guard lock(mutex_);
  const auto number = static_cast<Generation>(all_.size() + 1);
  Each made{mapping, nullptr, std::move(loaded.messages)};
  if (loaded.rules) {
    made.host = std::make_shared<GenerationHost>(*session_, std::move(loaded.rules));
    made.host->register_sharding(runtime_, fmt::format("placewright generation {}", number));
  }
  all_.push_back(std::move(made));
  return numbers_[mapping] = number;
}

std::shared_ptr<GenerationHost> Generations::host(Generation generation) const {
  const std::lock_guard lock(mutex_);
  return generation == 0 || generation > all_.size() ? nullptr : all_[generation - 1].host;
}

std::string Generations::mapping(Generation generation) const {
  const std::lock_guard lock(mutex_);
  return generation == 0 || generation > all_.size() ? "" : all_[generation - 1].mapping;
}

}  // namespace placewright::legion
