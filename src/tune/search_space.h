// SPDX-License-Identifier: Apache-2.0
// Everything a search may decide about one application on one machine, as a list of knobs. The
// order in which to try them is in strategy.h, their mapping text in mapping_writer.h.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "workload/decisions.h"

namespace placewright::tune {

/// Where the points of an index launch go.
enum class IndexMap : uint8_t {
  Default,  ///< Legion's default mapper decides.
  Block,    ///< Consecutive points (first coordinate fastest) share a processor, node by node.
  Cyclic    ///< Neighbouring points go to different nodes, then to different processors.
};
[[nodiscard]] std::string_view to_string(IndexMap map);

struct LayoutChoice {
  bool aos = false;
  bool c_order = false;
  friend bool operator==(const LayoutChoice&, const LayoutChoice&) = default;
};

using Choice = std::variant<machine::ProcessorKind, machine::MemoryKind, LayoutChoice, IndexMap>;
[[nodiscard]] std::string to_string(const Choice& choice);

/// One decision with at least two choices; the first is what the default mapper does.
struct Knob {
  int task = 0;
  int argument = -1;  ///< Memories and layouts only.
  /// Memories and index maps: the knob has an effect while its task runs on this kind.
  machine::ProcessorKind processor = machine::ProcessorKind::Cpu;
  std::vector<Choice> choices;
  std::optional<int> fixed;  ///< The index of the only one that a search may make.

  /// How many a search may make.
  [[nodiscard]] size_t open_choices() const { return fixed ? 1 : choices.size(); }

  template <class T>
  [[nodiscard]] bool is() const {
    return std::holds_alternative<T>(choices.front());
  }
};

/// The index of a choice for every knob, in the order of the knobs. Knobs without effect have
/// values too; these take effect when their task moves.
using Assignment = std::vector<int>;

/// Memory knobs that a coordinated move turns together, because their collections overlap.
struct KnobGroup {
  std::string name;
  std::vector<int> knobs;
  uint64_t bytes = 0;  ///< Sum over the knobs' arguments.
};

/// A mapping that every proposal changes, in place of Legion's default mapper.
struct BaseMapping {
  std::string text;
  Assignment assignment;  ///< What it decides, as far as knobs can say.
};

/// Built from a workload, which it keeps. Immutable once a search has begun.
///
/// Omitted because no choice could matter: tasks that only launch others, arguments without
/// fields, orders of one-dimensional regions, SOA or AOS of a single field, layouts of reductions
/// (one instance per field), index maps where all launches have one point or the machine has one
/// processor of the kind. Omitted because they cannot be written in general: index maps for tasks
/// whose launches start at different lower bounds or have more than three dimensions.
class SearchSpace {
 public:
  SearchSpace(workload::Workload workload, machine::MachineShape machine);

  [[nodiscard]] const workload::Workload& workload() const { return workload_; }
  [[nodiscard]] const machine::MachineShape& machine() const { return machine_; }
  [[nodiscard]] const std::vector<Knob>& knobs() const { return knobs_; }
  /// Groups whose arguments share a region name, and pairs of such groups that share a coarser name
  /// (two partitions of one region). Largest first.
  [[nodiscard]] const std::vector<KnobGroup>& groups() const { return groups_; }

  /// A search must leave a knob at this choice.
  void fix(int knob, int choice) { knobs_[knob].fixed = choice; }
  void begin_at(BaseMapping base) { base_ = std::move(base); }
  [[nodiscard]] const std::optional<BaseMapping>& base() const { return base_; }
  [[nodiscard]] size_t free_knobs() const;

  [[nodiscard]] Assignment defaults() const { return Assignment(knobs_.size(), 0); }
  /// The assignment that resolves to these decisions, or comes nearest: decisions that no knob can
  /// express are left at the default.
  [[nodiscard]] Assignment nearest(const workload::ResolvedDecisions& decisions) const;

  /// An assignment's choice for a task or argument; the default where there is no knob.
  [[nodiscard]] machine::ProcessorKind kind(const Assignment& assignment, int task) const;
  [[nodiscard]] machine::MemoryKind memory(const Assignment& assignment, int task,
                                           int argument) const;
  [[nodiscard]] LayoutChoice layout(const Assignment& assignment, int task, int argument) const;
  [[nodiscard]] IndexMap index_map(const Assignment& assignment, int task) const;
  [[nodiscard]] bool is_active(const Assignment& assignment, int knob) const;

  /// Bytes of all arguments times launches: an estimate of a task's time until it is known.
  [[nodiscard]] double weight(int task) const;
  /// log10 of the number of assignments, and of the number of different decision sets among them.
  [[nodiscard]] double log10_assignments() const;
  [[nodiscard]] double log10_distinct() const;
  /// "calculate_new_currents argument 1 (rp_shared)".
  [[nodiscard]] std::string label(int knob) const;

 private:
  void add_task(int task);
  void add_memories(int task, machine::ProcessorKind kind);
  void add_layouts(int task);
  void add_index_maps(int task, machine::ProcessorKind kind);
  void add_groups();
  [[nodiscard]] std::vector<machine::ProcessorKind> kinds_of(int task) const;
  [[nodiscard]] int choice_of(const Knob& knob, const workload::ResolvedTask& decided) const;
  template <class T>
  [[nodiscard]] T chosen(const Assignment& assignment, int task, int argument,
                         machine::ProcessorKind kind, T otherwise) const;

  workload::Workload workload_;
  machine::MachineShape machine_;
  std::vector<Knob> knobs_;
  std::vector<KnobGroup> groups_;
  std::optional<BaseMapping> base_;
};

/// The node and the processor on it, from 0, that a block or cyclic map gives point `linear` of
/// `volume`.
[[nodiscard]] std::pair<int64_t, int64_t> mapped_to(IndexMap map, int64_t linear, int64_t volume,
                                                    int nodes, int processors_per_node);

/// The processors that a block or cyclic map gives the points of a launch, in linear order, as
/// ResolvedLaunch::targets prints them.
[[nodiscard]] std::vector<std::string> map_targets(IndexMap map,
                                                   const machine::LaunchDomain& domain, int nodes,
                                                   int processors_per_node);

}  // namespace placewright::tune
