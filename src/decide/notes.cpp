// SPDX-License-Identifier: Apache-2.0
#include "decide/notes.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

namespace placewright::decide {
namespace {

std::string describe(const std::vector<RefusalShare>& holders) {
  std::vector<std::string> texts;
  for (const RefusalShare& share : holders) {
    texts.push_back(fmt::format("{} bytes in {} for argument {} of `{}`", share.bytes, share.count,
                                share.argument, share.task));
  }
  if (texts.empty()) return "";
  return fmt::format("; the largest live instances: {}", fmt::join(texts, ", "));
}

/// The option of the runtime that sets the capacity.
std::string_view capacity_flag(machine::MemoryKind kind) {
  switch (kind) {
    case machine::MemoryKind::FbMem:
      return "-ll:fsize";
    case machine::MemoryKind::ZcMem:
      return "-ll:zsize";
    case machine::MemoryKind::RdMem:
      return "-ll:rsize";
    case machine::MemoryKind::SockMem:
    case machine::MemoryKind::RegSockMem:
      return "-ll:nsize";
    case machine::MemoryKind::SysMem:
    case machine::MemoryKind::Virtual:
      break;
  }
  return "-ll:csize";
}

}  // namespace

std::string describe_argument(std::string_view task, int index,
                              const std::vector<std::string>& regions) {
  return fmt::format("argument {}{} of task `{}`", index,
                     regions.empty() ? "" : fmt::format(" (`{}`)", fmt::join(regions, "`, `")),
                     task);
}

std::string note_limit_without_effect(std::string_view task) {
  return fmt::format(
      "InstanceLimit for `{}` has no effect: the program asks Legion to map its points together, "
      "so none runs before all are mapped",
      task);
}

std::string note_limit_beside_barriers(std::string_view task) {
  return fmt::format(
      "InstanceLimit for `{}` has no effect beside tasks that wait for phase barriers: the tasks "
      "in "
      "flight could wait for one that is held back",
      task);
}

std::string note_points_together(std::string_view task) {
  return fmt::format(
      "the map rule for `{}` does not hold for a concurrent launch, whose points need a processor "
      "each; the default distribution is used (reported once)",
      task);
}

std::string note_cannot_collect(std::string_view argument) {
  return fmt::format(
      "CollectMemory has no effect on {}: its data may hold reductions of other tasks, which "
      "Legion would lose (reported once)",
      argument);
}

std::string note_layout_conflict(std::string_view argument, const LayoutConflict& conflict,
                                 std::string_view position) {
  return fmt::format(
      "{}: the task demands {}, the rule at {} asks for {}; the task gets what it demands "
      "(reported once)",
      argument, conflict.demanded, position, conflict.wanted);
}

std::string note_waits(std::string_view argument, const Shortage& shortage) {
  return fmt::format(
      "{}: {} is full, so it waits for {} bytes that tasks in flight release (reported once)",
      argument, to_string(shortage.choice->kind), shortage.bytes);
}

std::string note_fallback(std::string_view argument, const Shortage& shortage,
                          machine::MemoryKind instead) {
  if (shortage.bytes == 0) {
    return fmt::format("{}: an older task waits for {}, so {} is used instead (reported once)",
                       argument, to_string(shortage.choice->kind), to_string(instead));
  }
  return fmt::format("{}: {} is full, {} bytes go to {} instead (reported once)", argument,
                     to_string(shortage.choice->kind), shortage.bytes, to_string(instead));
}

Refusal refuse_instance(const policy::Rules& rules, std::string_view argument,
                        const ProcessorPlace& target, const Shortage& shortage,
                        std::vector<RefusalShare> holders) {
  const MemoryChoice& choice = *shortage.choice;
  Refusal refusal;
  refusal.message = fmt::format(
      "out of memory: {} needs {} bytes of {} next to {}, which holds {} bytes in all and is "
      "full{}",
      argument, shortage.bytes, to_string(choice.kind), to_string(target), shortage.memory.capacity,
      describe(holders));
  refusal.help = fmt::format(
      "list another memory after it, collect read-only data with CollectMemory, or make the memory "
      "larger ({})",
      capacity_flag(choice.kind));
  if (choice.has_rule()) refusal.position = rules.position(choice.rule);
  refusal.full_memory = choice.kind;
  refusal.id = "out-of-memory";
  refusal.bytes = shortage.bytes;
  refusal.capacity = shortage.memory.capacity;
  refusal.holders = std::move(holders);
  return refusal;
}

Refusal refuse_inline_mapping(std::string_view region, std::string_view task, const Memory& memory,
                              uint64_t bytes, std::vector<RefusalShare> holders) {
  const machine::MemoryKind kind = memory.kind.value_or(machine::MemoryKind::SysMem);
  Refusal refusal;
  refusal.message = fmt::format(
      "out of memory: an inline mapping of {} in task `{}` needs {} bytes of {}, which holds {} "
      "bytes "
      "in all and is full{}",
      region, task, bytes, to_string(kind), memory.capacity, describe(holders));
  refusal.help = fmt::format(
      "no rule reaches inline mappings: make the memory larger ({}), or keep the data of other "
      "tasks "
      "out of it with Region rules",
      capacity_flag(kind));
  refusal.full_memory = kind;
  refusal.id = "out-of-memory";
  refusal.bytes = bytes;
  refusal.capacity = memory.capacity;
  refusal.holders = std::move(holders);
  return refusal;
}

Refusal refuse_layout(const policy::Rules& rules, std::string_view argument,
                      const MemoryChoice& choice) {
  Refusal refusal;
  refusal.message = fmt::format(
      "{} cannot get an instance in {}: the layout that the mapping and the task ask for is "
      "impossible there",
      argument, to_string(choice.kind));
  refusal.help = "change the Layout rule for this argument";
  if (choice.has_rule()) refusal.position = rules.position(choice.rule);
  refusal.id = "impossible-layout";
  return refusal;
}

}  // namespace placewright::decide
