// SPDX-License-Identifier: Apache-2.0
// What a policy decides for every task, argument and launch of a workload, as plain data that can
// be printed and compared. Two mappings with equal decisions may still differ: in what they say of
// tasks that the workload does not list, and in what to do when a memory is full (candidate.h). Does
// not judge whether decisions are good or possible; legality.h checks whether they are possible.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/policy.h"
#include "workload/workload.h"

namespace placewright::workload {

/// Instance layout; a default-constructed one is the default mapper's.
struct ResolvedLayout {
  bool aos = false;
  bool c_order = false;
  bool compact = false;
  bool exact = false;
  std::string alignment;  ///< `==128`; empty if none is required.
  friend bool operator==(const ResolvedLayout&, const ResolvedLayout&) = default;
  /// `SOA F_order`.
  [[nodiscard]] std::string to_string() const;
};

struct ResolvedArgument {
  machine::MemoryKind memory = machine::MemoryKind::SysMem;
  ResolvedLayout layout;
  bool collect = false;
  friend bool operator==(const ResolvedArgument&, const ResolvedArgument&) = default;
};

struct ResolvedLaunch {
  bool index = false;
  machine::LaunchDomain domain;  ///< Index launches only.
  /// The target of every point in linear order (evenly spaced ones beyond kMaxLaunchPoints),
  /// `node.processor` or `node.p+q`; for a single launch one per node that the parent may be on.
  /// Empty when the default mapper places the launch.
  std::vector<std::string> targets;
  friend bool operator==(const ResolvedLaunch&, const ResolvedLaunch&) = default;
};

/// The choices for all points of a launch.
struct ResolvedChoices {
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  int limit = 0;
  std::optional<int> priority;
  std::optional<bool> replicate;
  std::optional<policy::NodeRange> replicate_nodes;  ///< Empty: all.
  std::vector<ResolvedArgument> arguments;
  friend bool operator==(const ResolvedChoices&, const ResolvedChoices&) = default;
};

struct ResolvedTask : ResolvedChoices {
  std::string name;
  std::vector<ResolvedLaunch> launches;
  /// By the launch's position: choices that conditional rules make differently from the above.
  std::map<size_t, ResolvedChoices> exceptions;
  friend bool operator==(const ResolvedTask&, const ResolvedTask&) = default;
};

struct ResolvedDecisions {
  std::vector<ResolvedTask> tasks;  ///< In the order of the workload.
  friend bool operator==(const ResolvedDecisions&, const ResolvedDecisions&) = default;
};

/// Queries the policy for everything that a run of the workload would need. Where no rule decides,
/// uses the default mapper's known behavior, but leaves placements empty. A launch whose placement
/// fails counts as placed by the default mapper; legality.h reports it.
[[nodiscard]] ResolvedDecisions resolve(const policy::Policy& policy, const Workload& workload);

/// The facts about a launch that conditions of rules can use.
[[nodiscard]] lang::LaunchFacts facts(const WorkloadLaunch& launch);
/// The processor kind of one task by the rules of policy.h and the default mapper's. `id` is the
/// task's, possibly in a launch.
[[nodiscard]] machine::ProcessorKind resolve_kind(const policy::Policy& policy, policy::TaskId id,
                                                  const WorkloadTask& task);
/// The interned names of an argument, to ask a policy with.
[[nodiscard]] std::vector<policy::RegionId> region_names(const policy::Policy& policy,
                                                         const WorkloadArgument& argument);

/// One line per task, argument and launch; equal texts if and only if equal decisions.
[[nodiscard]] std::string canonical_text(const ResolvedDecisions& decisions);

/// One decision that differs: "`calc` argument 1 (rp_shared)", "FBMEM -> ZCMEM".
struct Difference {
  std::string subject;
  std::string change;
  friend bool operator==(const Difference&, const Difference&) = default;
};
/// In the order of the workload, which supplies names. Both sets must come from it.
[[nodiscard]] std::vector<Difference> differences(const ResolvedDecisions& from,
                                                  const ResolvedDecisions& to,
                                                  const Workload& workload);

}  // namespace placewright::workload
