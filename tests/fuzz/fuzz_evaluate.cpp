// SPDX-License-Identifier: Apache-2.0
// libFuzzer: what the checker lets through can be evaluated on a machine, or gives a message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "lang/check/checker.h"
#include "lang/columns/lower.h"
#include "lang/syntax/parser.h"
#include "policy/policy.h"

namespace {

using namespace placewright;

constexpr const char* kDomains[] = {"0..3", "1,-1..2,0", "0,0,0..1,1,0", "-2,-1..7,8"};

void place_everything(const policy::Policy& policy) {
  for (const lang::Statement& statement : policy.mapping().program.statements) {
    const auto* map = std::get_if<lang::MapStatement>(&statement.node);
    if (map == nullptr) continue;
    const std::string task = map->tasks.names.empty() ? "step" : map->tasks.names.front().text;
    const machine::ProcessorKind kind = map->tasks.kind.value_or(machine::ProcessorKind::Gpu);
    if (map->launch == lang::LaunchKind::Single) {
      const auto function = policy.single_map(policy.task(task), kind);
      if (function) (void)policy.place_single(*function, {}, kind);
      continue;
    }
    for (const char* text : kDomains) {
      const machine::LaunchDomain domain = machine::parse_launch_domain(text).value();
      const auto id = policy.task(task, {domain, /*tag=*/7, /*depth=*/1});
      const auto function = id ? policy.index_map(*id, kind) : std::nullopt;
      if (function) (void)policy.placement(*function, {domain}, kind);
    }
  }
}

/// Node and ordinal of the value as columns number it; nullopt for anything else.
std::optional<uint32_t> number_of(const lang::Value* value, machine::ProcessorKind kind,
                                  int width) {
  const auto* processor = value != nullptr ? std::get_if<lang::TupleValue>(value) : nullptr;
  if (processor == nullptr || processor->processor != kind) return std::nullopt;
  return static_cast<uint32_t>(processor->elements[0] * width + processor->elements[1]);
}

/// Where columns have an answer it is the interpreter's.
void compare_columns(const policy::Mapping& mapping, const machine::MachineShape& machine) {
  Diagnostics ignored(mapping.file);
  const lang::Evaluator evaluator(mapping.program, machine, ignored, {});
  for (const lang::Statement& statement : mapping.program.statements) {
    const auto* definition = std::get_if<lang::FunctionDefinition>(&statement.node);
    const auto function =
        definition != nullptr ? evaluator.find_function(definition->name.text) : std::nullopt;
    if (!function || !evaluator.takes_a_task(*function)) continue;
    for (const machine::ProcessorKind kind :
         {machine::ProcessorKind::Gpu, machine::ProcessorKind::Cpu}) {
      const machine::LaunchDomain domain = machine::parse_launch_domain("-2,-1..7,8").value();
      const int width = machine.processors_per_node(kind);
      const auto lowered = lang::lower_function(evaluator, *function, {domain}, kind, width);
      const auto numbers = lowered ? lowered->program.run() : std::nullopt;
      if (!numbers) continue;
      lang::FunctionRun run(evaluator, *function);
      lang::LaunchedTask launched({domain});
      lang::TaskView& task = launched.task;
      for (int64_t i = 0; i < domain.volume(); ++i) {
        task.point = domain.point(i);
        const auto expected = number_of(run.evaluate(task), kind, width);
        if (expected != (*numbers)[static_cast<size_t>(i)]) std::abort();
        if (lowered->program.is_total() && lowered->program.at(task.point) != *expected)
          std::abort();
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const machine::MachineShape machine =
      machine::MachineShape::parse("nodes=2,GPU=3,CPU=2,OMP=1").value();
  std::string text(reinterpret_cast<const char*>(data), size);
  auto mapping =
      std::make_shared<policy::Mapping>(policy::Mapping{SourceFile("fuzz", std::move(text)), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  if (diagnostics.has_errors()) return 0;
  const auto policy = policy::Policy::build(mapping, machine, diagnostics);
  if (policy != nullptr && !diagnostics.has_errors()) place_everything(*policy);
  if (!diagnostics.has_errors()) compare_columns(*mapping, machine);
  return 0;
}
