// SPDX-License-Identifier: Apache-2.0
#include "policy/compiled_rules.h"

#include <fmt/core.h>

namespace placewright::policy {
namespace {

constexpr int64_t kMostTabledPoints = int64_t{1} << 24;

Result<FunctionResult> check_result(Result<FunctionResult> result, machine::ProcessorKind kind) {
  if (result && result->ordinals.empty()) return fail("the function returned no processor");
  if (result && result->kind != kind)
    return fail(fmt::format("the function returned a {} processor for a task on {} processors",
                            to_string(result->kind), to_string(kind)));
  return result;
}

Diagnostic failure(std::string message) {
  Diagnostic error;
  error.message = std::move(message);
  return error;
}

}  // namespace

/// A number per point, of a list of distinct results.
class CompiledRules::Table final : public LaunchPlacement {
 public:
  Table(machine::ProcessorKind kind, const machine::LaunchDomain& domain)
      : kind_(kind), domain_(domain) {}
  /// In the order of LaunchDomain::linear().
  void add(FunctionResult result) {
    const auto next = static_cast<uint32_t>(targets_.size());
    const auto [found, is_new] =
        known_.try_emplace(std::pair(result.node, std::move(result.ordinals)), next);
    if (is_new) targets_.push_back({found->first.first, found->first.second});
    numbers_.push_back(found->second);
  }
  [[nodiscard]] machine::ProcessorKind kind() const override { return kind_; }
  [[nodiscard]] Target at(const machine::DomainPoint& point) const override {
    return targets_[numbers_[static_cast<size_t>(domain_.linear(point))]];
  }

 private:
  machine::ProcessorKind kind_;
  machine::LaunchDomain domain_;
  std::map<std::pair<int32_t, std::vector<int32_t>>, uint32_t> known_;
  std::vector<Target> targets_;
  std::vector<uint32_t> numbers_;
};

CompiledRules::CompiledRules(std::string file, RuleList list,
                             std::vector<CompiledCondition> conditions,
                             std::vector<CompiledFunction> functions)
    : ListedRules(list),
      file_(std::move(file)),
      conditions_(std::move(conditions)),
      functions_(std::move(functions)) {
  for (size_t i = 0; i < functions_.size(); ++i) ids_.push_back({static_cast<int32_t>(i)});
  for (const ConditionRow& row : list.conditions) condition_places_.push_back(row.range);
}

tl::expected<bool, Diagnostic> CompiledRules::holds(size_t condition,
                                                    const machine::LaunchFacts& launch) const {
  const Result<bool> value = conditions_[condition](launch);
  if (value) return *value;
  Diagnostic error = failure(value.error().message);
  error.range = condition_places_[condition];
  return tl::unexpected(std::move(error));
}

CompiledRules::Outcome CompiledRules::place(const CompiledFunction& function,
                                            const machine::LaunchFacts& launch,
                                            machine::ProcessorKind kind) const {
  const machine::LaunchDomain& domain = *launch.domain;
  if (domain.volume() > kMostTabledPoints)
    return tl::unexpected(failure(
        fmt::format("launch {} has more than {} points", domain.to_string(), kMostTabledPoints)));
  auto table = std::make_unique<Table>(kind, domain);
  for (int64_t i = 0; i < domain.volume(); ++i) {
    const machine::DomainPoint point = domain.point(i);
    Result<FunctionResult> result = check_result(function.at_point(launch, point), kind);
    if (!result)
      return tl::unexpected(
          failure(fmt::format("`{}` at point ({}) of launch {}: {}", function.name,
                              to_string(point), domain.to_string(), result.error().message)));
    table->add(*std::move(result));
  }
  return std::unique_ptr<const LaunchPlacement>(std::move(table));
}

tl::expected<const LaunchPlacement*, Diagnostic> CompiledRules::launch_placement(
    FunctionId function, const machine::LaunchFacts& given, machine::ProcessorKind kind) const {
  const machine::LaunchFacts launch = facts_used(function).of(given);
  const std::lock_guard lock(mutex_);
  const Key key(function, launch, kind);
  auto found = placements_.find(key);
  if (found == placements_.end()) {
    found = placements_
                .emplace(key, place(functions_[static_cast<size_t>(function.value)], launch, kind))
                .first;
  }
  if (!found->second) return tl::unexpected(found->second.error());
  return found->second->get();
}

tl::expected<Target, Diagnostic> CompiledRules::place_single(FunctionId function,
                                                             const machine::LaunchFacts& launch,
                                                             machine::ProcessorKind kind) const {
  const CompiledFunction& called = functions_[static_cast<size_t>(function.value)];
  Result<FunctionResult> result = check_result(called.of_single_task(launch), kind);
  if (!result)
    return tl::unexpected(
        failure(fmt::format("`{}` for a single task: {}", called.name, result.error().message)));
  thread_local std::vector<int32_t> ordinals;
  ordinals = std::move(result->ordinals);
  return Target{result->node, ordinals};
}

std::string CompiledRules::position(SourceRange rule) const {
  return rule.begin == 0 ? file_ : fmt::format("{}:{}", file_, rule.begin);
}

}  // namespace placewright::policy
