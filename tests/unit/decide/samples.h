// SPDX-License-Identifier: Apache-2.0
// A machine, tasks and arguments for tests of the decision core. No runtime, no files.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "../policy/policies.h"
#include "decide/plan.h"

namespace placewright::decide {

using machine::MemoryKind;
using machine::ProcessorKind;

/// The runtime's number of a kind in these tests. Both names of socket memory have the same.
inline RawMemoryKind raw(MemoryKind kind) {
  if (kind == MemoryKind::RegSockMem) kind = MemoryKind::SockMem;
  return 100 + static_cast<RawMemoryKind>(kind);
}

inline constexpr uint64_t kCapacity = 1000;

inline Memory make_memory(uint64_t id, MemoryKind kind, uint64_t capacity = kCapacity) {
  return {id, kind, raw(kind), capacity};
}

inline constexpr const char* kShape = "nodes=2,GPU=2,CPU=2";

/// Memory ids on node 0. On node 1 they are larger by kNodeIds.
enum SampleMemory : uint64_t { kSystem = 1, kRegistered, kZeroCopy, kFrameBuffer0, kFrameBuffer1 };
inline constexpr uint64_t kNodeIds = 10;

/// The machine kShape. A CPU reaches system memory best, then registered, then zero-copy memory; a
/// GPU its own frame buffer, then zero-copy memory.
inline Machine make_machine() {
  Machine machine(machine::MachineShape::parse(kShape).value());
  for (int node = 0; node < 2; ++node) {
    const uint64_t base = kNodeIds * static_cast<uint64_t>(node);
    const VisibleMemory zero_copy{make_memory(base + kZeroCopy, MemoryKind::ZcMem), 2, node};
    for (int i = 0; i < 2; ++i) {
      machine.describe({ProcessorKind::Cpu, node, i},
                       {{make_memory(base + kSystem, MemoryKind::SysMem), 8, node},
                        {make_memory(base + kRegistered, MemoryKind::RdMem), 4, node},
                        zero_copy});
      const uint64_t frame_buffer = base + kFrameBuffer0 + static_cast<uint64_t>(i);
      machine.describe({ProcessorKind::Gpu, node, i},
                       {zero_copy, {make_memory(frame_buffer, MemoryKind::FbMem), 16, node}});
    }
  }
  return machine;
}

/// A mapping on the machine kShape.
struct Sample {
  explicit Sample(const std::string& text)
      : rules(policy::good_policy(text, kShape)), machine(make_machine()) {}
  [[nodiscard]] Setting setting() const { return {*rules, machine}; }
  [[nodiscard]] Setting as_published() const { return {*rules, machine, true}; }
  [[nodiscard]] policy::TaskId id(std::string_view task) const { return rules->task(task); }

  std::shared_ptr<const policy::Policy> rules;
  Machine machine;
};

inline constexpr ProcessorPlace kCpu0{ProcessorKind::Cpu, 0, 0};
inline constexpr ProcessorPlace kGpu0{ProcessorKind::Gpu, 0, 0};

inline Variant make_variant(uint32_t id, ProcessorKind kind, bool leaf = true) {
  Variant variant;
  variant.id = id;
  variant.kind = kind;
  variant.leaf = leaf;
  return variant;
}

/// A leaf task with a variant 1 for CPUs and a variant 2 for GPUs.
inline TaskFacts make_task(std::string name) {
  return {std::move(name),
          {make_variant(1, ProcessorKind::Cpu), make_variant(2, ProcessorKind::Gpu)}};
}

inline TaskRules look_up(const Setting& setting, const TaskFacts& task,
                         const machine::LaunchFacts& launch = {}) {
  auto rules = look_up_task(setting, task, launch);
  EXPECT_TRUE(rules) << rules.error().message;
  return rules ? *std::move(rules) : TaskRules();
}

inline LaunchInfo index_launch(std::string_view domain) {
  LaunchInfo launch;
  launch.facts.domain = machine::parse_launch_domain(domain).value();
  return launch;
}

inline LaunchInfo single_launch(std::optional<ProcessorPlace> parent, bool is_sharded = false) {
  LaunchInfo launch;
  launch.parent = ParentFacts{parent, is_sharded};
  return launch;
}

inline machine::LaunchDomain box(std::string_view text) {
  return machine::parse_launch_domain(text).value();
}

/// What a plan asks for; counts the questions.
struct SampleSource final : ArgumentSource {
  [[nodiscard]] std::vector<FieldId> all_fields() const override {
    ++asked;
    return fields;
  }
  [[nodiscard]] std::vector<Demand> demands() const override { return wanted; }

  std::vector<FieldId> fields = {3, 1, 2};
  std::vector<Demand> wanted;
  mutable int asked = 0;
};

}  // namespace placewright::decide
