// SPDX-License-Identifier: Apache-2.0
// Rules whose conditions and mapping functions are C++: those of a generated mapper.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "policy/listed_rules.h"
#include "support/result.h"

namespace placewright::policy {

/// A processor kind, a node, and ordinals of processors on it: what a mapping function returns.
struct FunctionResult {
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  int32_t node = 0;
  std::vector<int32_t> ordinals;
};

/// A mapping function. Errors say why it has no value.
struct CompiledFunction {
  std::string name;
  machine::FactsUsed facts_used;
  /// The launch has a domain.
  std::function<Result<FunctionResult>(const machine::LaunchFacts& launch,
                                       const machine::DomainPoint& point)>
      at_point;
  std::function<Result<FunctionResult>(const machine::LaunchFacts& launch)> of_single_task;
};
using CompiledCondition = std::function<Result<bool>(const machine::LaunchFacts& launch)>;

class CompiledRules final : public ListedRules {
 public:
  /// `file`: the mapping's name, for messages. The ranges of the list begin with line numbers.
  CompiledRules(std::string file, RuleList list, std::vector<CompiledCondition> conditions,
                std::vector<CompiledFunction> functions);

  [[nodiscard]] std::span<const FunctionId> functions() const override { return ids_; }
  [[nodiscard]] machine::FactsUsed facts_used(FunctionId function) const override {
    return functions_[static_cast<size_t>(function.value)].facts_used;
  }
  /// Evaluates the function at every point, once per kind, launch domain and facts that it uses.
  [[nodiscard]] tl::expected<const LaunchPlacement*, Diagnostic> launch_placement(
      FunctionId function, const machine::LaunchFacts& launch,
      machine::ProcessorKind kind) const override;
  [[nodiscard]] tl::expected<Target, Diagnostic> place_single(
      FunctionId function, const machine::LaunchFacts& launch,
      machine::ProcessorKind kind) const override;
  [[nodiscard]] std::string position(SourceRange rule) const override;

 private:
  class Table;
  using Outcome = tl::expected<std::unique_ptr<const LaunchPlacement>, Diagnostic>;
  using Key = std::tuple<FunctionId, machine::LaunchFacts, machine::ProcessorKind>;

  [[nodiscard]] tl::expected<bool, Diagnostic> holds(
      size_t condition, const machine::LaunchFacts& launch) const override;
  [[nodiscard]] Outcome place(const CompiledFunction& function, const machine::LaunchFacts& launch,
                              machine::ProcessorKind kind) const;

  std::string file_;
  std::vector<CompiledCondition> conditions_;
  std::vector<CompiledFunction> functions_;
  std::vector<FunctionId> ids_;
  std::vector<SourceRange> condition_places_;
  mutable std::mutex mutex_;
  mutable std::map<Key, Outcome> placements_;
};

}  // namespace placewright::policy
