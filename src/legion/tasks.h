// SPDX-License-Identifier: Apache-2.0
// Legion's tasks as the decision core sees them, and what the rules say about them: looked up once
// per task or, if conditions depend on it, per launch. One per mapper object.
#pragma once

#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "decide/instance_limits.h"
#include "legion/host.h"

namespace placewright::legion {

/// A task's variant: facts that are queried from Legion once.
struct VariantFacts {
  decide::Variant variant;
  std::vector<std::set<unsigned>> colocated;  ///< Requirements that must share an instance.
};

/// The variants that a task has, by kind of processor.
[[nodiscard]] std::vector<decide::Variant> variants_of(Legion::Mapping::MapperRuntime* runtime,
                                                       Legion::Mapping::MapperContext ctx,
                                                       Legion::TaskID task);

class Tasks {
 public:
  using MapperContext = Legion::Mapping::MapperContext;

  Tasks(Legion::Mapping::MapperRuntime* runtime, Host& host, int node)
      : runtime_(runtime), host_(&host), node_(node) {}

  [[nodiscard]] int node() const { return node_; }
  /// What the rules say about the task's launch. Ends the run if they are at fault.
  [[nodiscard]] const decide::TaskRules& rules(MapperContext ctx, const Legion::Task& task);
  [[nodiscard]] decide::LaunchInfo launch(MapperContext ctx, const Legion::Task& task);
  /// The kind of processor on which this node runs the task.
  [[nodiscard]] machine::ProcessorKind kind(MapperContext ctx, const Legion::Task& task);
  /// The launcher's tag as Legion's default mapper reads it: 0 if it is not meant for that mapper.
  [[nodiscard]] Legion::MappingTagID default_tag(const Legion::Task& task) const;
  /// Whether a tag of the launcher asks for CPUs, where tags mean anything.
  [[nodiscard]] bool prefers_cpu(const Legion::Task& task) const;
  /// The variant for a kind of processor. Ends the run if there is none.
  [[nodiscard]] const VariantFacts& variant(MapperContext ctx, const Legion::Task& task,
                                            machine::ProcessorKind kind);
  [[nodiscard]] const VariantFacts& variant(MapperContext ctx, Legion::TaskID task,
                                            Legion::VariantID variant);
  /// The most instances in flight per processor; 0 means no limit. The task may be a single task,
  /// a launch whose points do not exist yet, or a point.
  [[nodiscard]] int limit(MapperContext ctx, const Legion::Task& task);

 private:
  /// What rules query about a launch; all zero in a mapping without conditions.
  struct LaunchKey {
    Legion::TaskID task = 0;
    Legion::MappingTagID tag = 0;
    int depth = 0;
    Legion::MapperID mapper = 0;
    bool index = false;
    Legion::Domain domain;
    friend bool operator<(const LaunchKey& a, const LaunchKey& b) {
      return std::tie(a.task, a.tag, a.depth, a.mapper, a.index, a.domain) <
             std::tie(b.task, b.tag, b.depth, b.mapper, b.index, b.domain);
    }
  };
  /// The node of a replicated task's first shard.
  [[nodiscard]] int first_shard(MapperContext ctx, const Legion::Task& task);
  [[nodiscard]] decide::TaskFacts describe(MapperContext ctx, const Legion::Task& task) const;

  Legion::Mapping::MapperRuntime* runtime_;
  Host* host_;
  int node_;
  std::map<LaunchKey, decide::TaskRules> tasks_;
  std::map<std::pair<Legion::TaskID, Legion::VariantID>, VariantFacts> variants_;
};

/// Legion offers slices for mapping and then maps their points: both are this task.
[[nodiscard]] decide::LimitedTask limited_task(const Legion::Task& task);

}  // namespace placewright::legion
