// SPDX-License-Identifier: Apache-2.0
// What a checked mapping means on one machine: the one decision engine that the Legion plug-in, the
// workload's fingerprint, `placewright show` and later the simulator and the code generator all
// ask. Knows nothing of Legion.
//
// How rules win. For an identical key the first rule in the file wins; later ones are ignored (the
// checker warns). Independent of order, the specific beats the general:
// - processor kinds of a task: the rule that names the task, else the `*` rule, else nothing
// (Legion's default mapper decides). A rule
//   that names the task replaces the `*` list, it does not extend it.
// - memories of a region argument: one list, concatenated from (task, names of the region in
// order), (task, index), (task, `*`),
//   (`*`, names in order), (`*`, index), (`*`, `*`). Within one (task, region) key the entry for
//   the exact processor kind if there is one, else the entry for `*`, never both. The first kind of
//   the list that the machine has and the processor can address is used; an exhausted list leaves
//   the choice to the default mapper.
// - layout: the same order of keys, but the first rule found is the whole answer. Within one key
// the exact memory kind before `*`.
// - index and single maps, instance limits, priorities: the rule that names the task, else the rule
// for the processor kind the task runs on, else `*`, else nothing. A limit of 0 or less is none.
// - control replication: if the file has any such statement, exactly the listed tasks replicate.
// - collection: one matching rule of any key is enough.
//
// Points. Extents given to a mapping function are those of the launch domain; `ipoint` holds the
// application's own coordinates. A function is evaluated once per point of a launch domain, when
// the launch is first seen, and kept as a Placement. A result must lie on processors of the kind
// the task runs on and on one node. On a launch of more than kMaxLaunchPoints points
// it is evaluated anew for each point, and refused unless it is certain that no point can fail.
// A single task counts as being on the first processor of its kind on its parent's node.
//
// Conditions. A rule with `if` counts only for launches of which its condition holds; for others it
// is as if it were not there, so the order of precedence above is that of the rules that count. A
// TaskId stands for a task together with what holds for a launch of it.
//
// What `print` writes and what is odd about a function (an uneven split) goes to stderr, or to the
// sink that build() is given.
//
// Immutable after build(), safe to share between threads; the cache of placements is the one thing
// that grows inside.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/ast.h"
#include "lang/evaluate/evaluate.h"
#include "lang/evaluate/value.h"
#include "machine/shape.h"
#include "policy/placement.h"
#include "support/diagnostics.h"
#include "support/strong_id.h"

namespace placewright {

using TaskId = StrongId<struct TaskTag>;
using RegionId = StrongId<struct RegionTag>;
using FunctionId = StrongId<struct FunctionTag>;

inline constexpr int64_t kMaxLaunchPoints = int64_t{1} << 24;

/// A region argument of a task: the names that count for it, best first (the region's own, its
/// parent partition's, the requirement's parent region's), and the index of its requirement.
struct RegionRef {
  std::span<const RegionId> names;
  int index = 0;
};

/// Where a decision stands in the mapping; nullopt in a decision means that no rule decided.
struct MemoryRule {
  MemoryKind kind;
  SourceRange rule;
};

struct LayoutRule {
  bool aos = false;
  bool c_order = false;
  bool compact = false;
  bool exact = false;
  struct Alignment {
    lang::Comparison comparison;
    int64_t bytes;
  };
  std::optional<Alignment> alignment;
  SourceRange rule;
};

/// Where the parent of a single task runs; what `task.parent.processor(m)` answers from.
struct ParentProcessor {
  ProcessorKind kind = ProcessorKind::Cpu;
  int node = 0;
  int ordinal = 0;
};

/// A name that a rule mentions, for warnings about names an application does not have.
struct MentionedName {
  enum class Kind { Task, Region } kind;
  std::string name;
  SourceRange range;
};

/// A mapping text with its tree; what a Policy is built from and keeps alive.
struct Mapping {
  SourceFile file;
  lang::Program program;
};

class Policy final {
 public:
  ~Policy();
  Policy(const Policy&) = delete;
  Policy& operator=(const Policy&) = delete;

  /// Runs global assignments and builds the rule tables. Returns null after reporting errors.
  [[nodiscard]] static std::shared_ptr<const Policy> build(std::shared_ptr<const Mapping> mapping,
                                                           const MachineShape& machine,
                                                           Diagnostics& diagnostics,
                                                           lang::PrintSink sink = {});

  /// Names that no rule mentions all get one id to which only `*` and kind rules apply. No locks,
  /// no allocation. Rules with conditions do not count.
  [[nodiscard]] TaskId task(std::string_view name) const;
  /// The task in a launch; the same as above for a file without conditions. Otherwise evaluates
  /// those of the rules that select the task: ask once per launch. Errors: a condition without
  /// value, more than 4096 sets of conditions.
  [[nodiscard]] tl::expected<TaskId, Diagnostic> task(std::string_view name,
                                                      const lang::LaunchFacts& launch) const;
  /// Whether any rule has a condition.
  [[nodiscard]] bool has_conditions() const;
  [[nodiscard]] RegionId region(std::string_view name) const;

  /// Empty when no rule decides.
  [[nodiscard]] std::span<const ProcessorKind> processor_kinds(TaskId task) const;
  /// Where the rule of processor_kinds() stands.
  [[nodiscard]] std::optional<SourceRange> processor_rule(TaskId task) const;
  /// The whole list in order of preference, kinds that the machine lacks included.
  [[nodiscard]] std::vector<MemoryRule> memories(TaskId task, const RegionRef& region,
                                                 ProcessorKind kind) const;
  [[nodiscard]] std::optional<LayoutRule> layout(TaskId task, const RegionRef& region,
                                                 MemoryKind memory) const;
  /// At most this many instances of the task in flight per processor; 0 means no limit.
  [[nodiscard]] int instance_limit(TaskId task, ProcessorKind kind) const;
  /// Of ready tasks the one with the larger number runs first; nullopt when no rule decides.
  [[nodiscard]] std::optional<int> priority(TaskId task, ProcessorKind kind) const;
  /// Whether read-only instances of this argument may be collected at once.
  [[nodiscard]] bool collects(TaskId task, const RegionRef& region) const;
  /// nullopt when the file has no ControlReplicate statement.
  [[nodiscard]] std::optional<bool> replicates(TaskId task) const;

  [[nodiscard]] std::optional<FunctionId> index_map(TaskId task, ProcessorKind kind) const;
  [[nodiscard]] std::optional<FunctionId> single_map(TaskId task, ProcessorKind kind) const;
  /// Where the rules of index_map() and single_map() stand.
  [[nodiscard]] std::optional<SourceRange> index_map_rule(TaskId task, ProcessorKind kind) const;
  [[nodiscard]] std::optional<SourceRange> single_map_rule(TaskId task, ProcessorKind kind) const;
  /// The functions that map statements name, in the order of the file.
  [[nodiscard]] std::span<const FunctionId> functions() const;
  [[nodiscard]] std::string_view function_name(FunctionId function) const;

  /// The placement of a launch whose points run on processors of `kind`; computed once per
  /// (function, domain, kind), then found without a lock or an allocation. The Diagnostic of an
  /// error names the point. Thread-safe. Lives as long as the Policy.
  [[nodiscard]] tl::expected<const Placement*, Diagnostic> placement(FunctionId function,
                                                                     const LaunchDomain& domain,
                                                                     ProcessorKind kind) const;
  /// The processors for a single task. `ordinals` of the result stay valid until the next call on
  /// this thread.
  [[nodiscard]] tl::expected<Target, Diagnostic> place_single(FunctionId function,
                                                              const ParentProcessor& parent,
                                                              ProcessorKind kind) const;

  [[nodiscard]] std::vector<MentionedName> mentioned_names() const;
  [[nodiscard]] const Mapping& mapping() const;
  [[nodiscard]] const MachineShape& machine() const;

 private:
  struct Impl;
  explicit Policy(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

/// Reads, parses, checks and builds in one go: what every command and the plug-in start with.
/// `machine` decides what is reported about indices and memories. Messages go to `messages` in
/// printed form (JSON lines if `json`), warnings included; null after errors.
struct LoadedPolicy {
  std::shared_ptr<const Policy> policy;
  std::string messages;
};
[[nodiscard]] LoadedPolicy load_policy(const std::string& path, const MachineShape& machine,
                                       bool json = false);

}  // namespace placewright
