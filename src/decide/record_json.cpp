// SPDX-License-Identifier: Apache-2.0
#include "decide/record_json.h"

#include <fmt/core.h>

#include "support/json.h"
#include "support/try.h"

using nlohmann::json;

template <class Value>
struct nlohmann::adl_serializer<std::optional<Value>> {
  static void to_json(json& to, const std::optional<Value>& from) {
    if (from) {
      to = *from;
    } else {
      to = nullptr;
    }
  }
  static void from_json(const json& from, std::optional<Value>& to) {
    to.reset();
    if (!from.is_null()) to = from.get<Value>();
  }
};

namespace placewright {

template <>
inline constexpr int kEnumerators<machine::ProcessorKind> = machine::kProcessorKindCount;
template <>
inline constexpr int kEnumerators<machine::MemoryKind> = machine::kMemoryKindCount;
template <>
inline constexpr int kEnumerators<policy::Relation> = static_cast<int>(policy::Relation::NotEqual) +
                                                      1;
template <>
inline constexpr int kEnumerators<machine::Privilege> =
    static_cast<int>(machine::Privilege::Reduce) + 1;
template <>
inline constexpr int kEnumerators<decide::Storage> = static_cast<int>(decide::Storage::Any) + 1;
template <>
inline constexpr int kEnumerators<decide::Action::Kind> =
    static_cast<int>(decide::Action::Kind::Make) + 1;
template <>
inline constexpr int kEnumerators<decide::Making> = static_cast<int>(decide::Making::Nothing) + 1;
template <>
inline constexpr int kEnumerators<decide::TargetProcessors::How> =
    static_cast<int>(decide::TargetProcessors::How::WholeNode) + 1;
template <>
inline constexpr int kEnumerators<decide::ArgumentOutcome::What> =
    static_cast<int>(decide::ArgumentOutcome::What::Instance) + 1;

}  // namespace placewright

namespace placewright::machine {

void to_json(json& to, const DomainPoint& point) { to = {{"dim", point.dim}, {"at", point.at}}; }
void from_json(const json& from, DomainPoint& point) {
  point.dim = json_detail::integer_of<uint8_t>(from.at("dim"), kMaxDim);
  from.at("at").get_to(point.at);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LaunchDomain, lo, hi)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LaunchFacts, domain, tag, depth, mapper)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(NodeShape, processors, memory_bytes)

}  // namespace placewright::machine

namespace placewright::decide {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ProcessorPlace, kind, node, ordinal)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Memory, id, kind, raw_kind, capacity)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(VisibleMemory, memory, bandwidth, node)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Variant, id, kind, inner, leaf, replicable)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TaskFacts, name, variants)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ParentFacts, place, is_sharded, first_shard)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LaunchInfo, facts, parent, must_epoch, concurrent, collective,
                                   stays_on_node, nested_in_itself, beside_barriers, bound_to_node)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Ordering, axes, contiguous)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Specialization, storage, reduction, raw, no_access, exact,
                                   most_pieces, most_overhead)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FieldList, ids, contiguous, in_order)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FieldAlignment, field, relation, bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FieldOffset, field, bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Tiling, axis, value, counts_tiles)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AxisBound, axis, relation, value)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Layout, specialization, ordering, fields, alignments, offsets,
                                   tilings, bounds, padding)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Demand, layout, memory)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Argument::Wishes, virtual_instance, registered_memory,
                                   exact_region)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Argument, index, privilege, has_data, exclusive, collective, dim,
                                   reduction, wishes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InstanceRecord, memory, normal, has_fields, bounds, entails)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(StepRecord, kind, memory, instance, yields, making, succeeded,
                                   bytes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ArgumentOutcome, what, memory)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ArgumentRecord, argument, part, fields, names, all_fields,
                                   demands, needed, valid, most_folds, fold_turn, is_leader,
                                   is_crowded, may_hold_folds, has_decision, steps, outcome, layout,
                                   collected)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TaskRecord, facts, launch, point, target, local_node, is_shard,
                                   prefers_cpu, is_overruled, kind, variant, priority, limit, how,
                                   ordinals, arguments)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Slice, processor, box, is_full, points)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OptionsRecord, facts, launch, local, prefers_cpu, initial,
                                   is_placed, replicates)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SliceRecord, facts, launch, kind, local_node, points, is_placed,
                                   slices)

namespace {

/// What a processor can address.
struct ProcessorRecord {
  ProcessorPlace place;
  std::vector<VisibleMemory> visible;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ProcessorRecord, place, visible)

struct MachineRecord {
  std::vector<machine::NodeShape> nodes;
  std::vector<ProcessorRecord> processors;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MachineRecord, nodes, processors)

std::string line(const char* what, const json& value) { return dump_json(json{{what, value}}); }

Result<Machine> machine_of(const MachineRecord& record) {
  constexpr int kMostProcessors = 1 << 20;
  if (record.nodes.empty()) return fail("the machine has no node");
  for (const machine::NodeShape& node : record.nodes) {
    for (const int count : node.processors)
      if (count < 0 || count > kMostProcessors)
        return fail(
            fmt::format("a node has from 0 to {} processors, found {}", kMostProcessors, count));
  }
  PLACEWRIGHT_TRY_VOID(machine::check_size(record.nodes));
  Machine machine{machine::MachineShape(record.nodes)};
  for (const ProcessorRecord& each : record.processors) {
    const ProcessorPlace& place = each.place;
    const bool is_there = place.node >= 0 && place.node < machine.node_count() &&
                          place.ordinal >= 0 &&
                          place.ordinal < machine.shape().processors(place.kind, place.node);
    if (!is_there) return fail(fmt::format("the machine has no {}", to_string(place)));
    machine.describe(place, each.visible);
  }
  return machine;
}

}  // namespace

std::string to_json(const Machine& machine) {
  MachineRecord record;
  for (int node = 0; node < machine.node_count(); ++node) {
    record.nodes.push_back(machine.shape().node(node));
    for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
      for (int ordinal = 0; ordinal < machine.shape().processors(kind, node); ++ordinal) {
        const ProcessorPlace place{kind, node, ordinal};
        const auto visible = machine.visible(place);
        record.processors.push_back({place, {visible.begin(), visible.end()}});
      }
    }
  }
  return line("machine", record);
}

std::string to_json(const TaskRecord& record) { return line("task", record); }

std::string to_json(const OptionsRecord& record) { return line("options", record); }

std::string to_json(const SliceRecord& record) { return line("slices", record); }

std::string to_json(const Demand& demand) { return dump_json(json(demand)); }

Result<Demand> read_demand(std::string_view text) {
  return read_json_text(text, [](const json& value) { return value.get<Demand>(); });
}

Result<RecordLine> read_record(std::string_view text) {
  auto read = read_json_text(text, [](const json& value) -> Result<RecordLine> {
    if (value.contains("machine")) {
      PLACEWRIGHT_TRY(Machine machine, machine_of(value["machine"].get<MachineRecord>()));
      return machine;
    }
    if (value.contains("task")) return value["task"].get<TaskRecord>();
    if (value.contains("options")) return value["options"].get<OptionsRecord>();
    if (value.contains("slices")) return value["slices"].get<SliceRecord>();
    return fail("it is not a machine, a task, options or slices");
  });
  if (!read) read.error().message = "a record cannot be read: " + read.error().message;
  return read;
}

}  // namespace placewright::decide
