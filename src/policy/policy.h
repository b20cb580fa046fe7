// SPDX-License-Identifier: Apache-2.0
// What a checked mapping means on one machine: the rules that the decision core (src/decide), the
// decision fingerprints in src/workload and `placewright show` query. The code generator
// (src/codegen) writes the same rows as C++. Knows nothing of Legion.
//
// Which rule wins
//
// Among rules with the same key the first one in the file wins; later ones are ignored, and the
// checker warns about them. Otherwise the order of the file does not matter: the more specific rule
// beats the more general one.
//
// - A name with a `*` is a pattern. Everywhere below, the rules for the patterns of a name stand
//   between those for the name itself and those that follow: the narrowest pattern first, which has
//   the most characters besides `*` (name_pattern.h).
//
// - Processor kinds of a task: the rule that names the task, else the `*` rule, else none (Legion's
//   default mapper decides). A rule that names the task replaces the list of the `*` rule; it does
//   not extend it.
//
// - Memories of a region argument: one list, concatenated from the rules for these keys in order:
//     1. (task, each name of the region in order)
//     2. (task, index)
//     3. (task, `*`)
//     4. (`*`, each name of the region in order)
//     5. (`*`, index)
//     6. (`*`, `*`)
//   Each key contributes its entry for the exact processor kind if there is one, else its entry for
//   `*`, never both. The first kind of the list that the machine has and the processor can address
//   is used. If none is left, the default mapper chooses.
//
// - Layout: the same keys in the same order, but the first rule found decides alone. Within one key
//   the exact memory kind beats `*`.
//
// - Index maps, single maps, instance limits and priorities: the rule that names the task, else the
//   rule for the processor kind that the task runs on, else the `*` rule, else none. A limit of 0
//   or less means no limit.
//
// - Control replication: if the file has any such statement, exactly the listed tasks replicate,
//   over the nodes of the first rule that lists them. It beats a `*` or a kind of SingleTaskMap.
//
// - Collection: one matching rule with any key is enough.
//
// Points
//
// The extents passed to a mapping function are those of the launch domain; `ipoint` holds the
// application's own coordinates. A function is evaluated once per point of a launch domain, when
// the launch is first seen, and the result is cached as a Placement. A result must lie on one node
// and on processors of the kind that the task runs on. For a launch of more than kMaxLaunchPoints
// points the function is evaluated again for each query; it is refused unless it provably cannot
// fail for any point. A single task counts as being on the first processor of its kind on its
// parent's node.
//
// Conditions
//
// A rule with `if` applies only to launches for which its condition holds. For other launches it is
// treated as absent, so the precedence above is that of the rules that apply. A TaskId stands for a
// task together with the conditions that hold for a launch of it.
//
// Output of `print` and warnings about a function (such as an uneven split) go to stderr, or to the
// sink passed to build().
//
// Immutable after build() and safe to share between threads; only the caches of placements and of
// rule sets grow.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lang/evaluate/evaluate.h"
#include "lang/evaluate/value.h"
#include "lang/syntax/ast.h"
#include "machine/shape.h"
#include "policy/listed_rules.h"
#include "policy/placement.h"
#include "policy/read_rules.h"
#include "support/diagnostics.h"

namespace placewright::policy {

inline constexpr int64_t kMaxLaunchPoints = int64_t{1} << 24;

/// A mapping text with its tree. A Policy is built from it and keeps it alive.
struct Mapping {
  SourceFile file;
  lang::Program program;
};

/// The decisions of a mapping on one machine; rules.h says what each query returns.
class Policy final : public ListedRules {
 public:
  ~Policy() override;
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  /// Runs global assignments and builds the rule tables. Returns null after reporting errors.
  [[nodiscard]] static std::shared_ptr<const Policy> build(std::shared_ptr<const Mapping> mapping,
                                                           const machine::MachineShape& machine,
                                                           Diagnostics& diagnostics,
                                                           lang::PrintSink sink = {});

  using ListedRules::task;
  /// The task without the rules that have conditions. No locks, no allocation.
  [[nodiscard]] TaskId task(std::string_view name) const { return unconditional_task(name); }

  [[nodiscard]] std::span<const FunctionId> functions() const override;
  [[nodiscard]] std::string_view function_name(FunctionId function) const;

  [[nodiscard]] machine::FactsUsed facts_used(FunctionId function) const override;
  /// The placement of a launch with a domain whose points run on processors of `kind`; computed
  /// once per function, kind, domain and the facts that the function uses, later looked up without
  /// a lock or an allocation. The Diagnostic of an error names the point. Thread-safe. The placement
  /// lives as long as the Policy.
  [[nodiscard]] tl::expected<const Placement*, Diagnostic> placement(
      FunctionId function, const machine::LaunchFacts& launch, machine::ProcessorKind kind) const;
  [[nodiscard]] tl::expected<const LaunchPlacement*, Diagnostic> launch_placement(
      FunctionId function, const machine::LaunchFacts& launch,
      machine::ProcessorKind kind) const override;
  [[nodiscard]] tl::expected<Target, Diagnostic> place_single(
      FunctionId function, const machine::LaunchFacts& launch,
      machine::ProcessorKind kind) const override;

  [[nodiscard]] std::string position(SourceRange rule) const override;
  [[nodiscard]] std::vector<MentionedName> mentioned_names() const;
  [[nodiscard]] const Mapping& mapping() const;
  [[nodiscard]] const machine::MachineShape& machine() const;

 private:
  struct Impl;
  Policy(RuleList list, std::unique_ptr<Impl> impl);
  [[nodiscard]] tl::expected<bool, Diagnostic> holds(
      size_t condition, const machine::LaunchFacts& launch) const override;

  std::unique_ptr<Impl> impl_;
};

struct LoadedPolicy {
  std::shared_ptr<const Policy> policy;  ///< Null after errors.
  std::string messages;                  ///< Errors and warnings in printed form.
};
/// Reads, parses and checks a file and builds its policy: the starting point of every command and
/// of the plug-in. Checks of indices and memories depend on `machine`. Messages are JSON lines if
/// `json`.
[[nodiscard]] LoadedPolicy load_policy(const std::string& path,
                                       const machine::MachineShape& machine, bool json = false);

}  // namespace placewright::policy
