// SPDX-License-Identifier: Apache-2.0
#include "lang/check/rule_keys.h"

#include <algorithm>

namespace placewright::lang {

void RuleKeys::begin_rule(const std::vector<std::string>& regions) {
  ++rule_;
  regions_ = regions;
  std::sort(regions_.begin(), regions_.end());
  regions_.erase(std::unique(regions_.begin(), regions_.end()), regions_.end());
  is_known_to_regions_ = false;
  with_these_regions_.reset();
}

std::optional<SourceRange> RuleKeys::earlier(const std::string& task) const {
  const auto rules = rules_of_task_.find(task);
  if (rules == rules_of_task_.end() || steps_ > kMostSteps) return std::nullopt;
  if (!with_these_regions_) {
    with_these_regions_.emplace();
    for (const std::string& region : regions_) {
      const auto found = rules_of_region_.find(region);
      if (found == rules_of_region_.end()) continue;
      with_these_regions_->insert(found->second.begin(), found->second.end());
      steps_ += static_cast<int64_t>(found->second.size());
    }
  }
  const std::vector<RuleOfTask>& of_task = rules->second;
  const auto range_in = [&](int rule) -> std::optional<SourceRange> {
    ++steps_;
    const auto found = std::ranges::lower_bound(of_task, rule, {}, &RuleOfTask::first);
    if (found == of_task.end() || found->first != rule) return std::nullopt;
    return found->second;
  };
  if (with_these_regions_->size() < of_task.size()) {
    for (const int rule : *with_these_regions_)
      if (const auto range = range_in(rule)) return range;
  } else {
    for (const auto& [rule, range] : of_task) {
      ++steps_;
      if (with_these_regions_->contains(rule)) return range;
    }
  }
  return range_in(rule_);  // the task is listed twice
}

std::optional<SourceRange> RuleKeys::first(const std::string& task) const {
  const auto rules = rules_of_task_.find(task);
  if (rules == rules_of_task_.end()) return std::nullopt;
  return rules->second.front().second;
}

void RuleKeys::add(const std::string& task, SourceRange range) {
  rules_of_task_[task].emplace_back(rule_, range);
  if (is_known_to_regions_) return;
  is_known_to_regions_ = true;
  for (const std::string& region : regions_) rules_of_region_[region].push_back(rule_);
}

}  // namespace placewright::lang
