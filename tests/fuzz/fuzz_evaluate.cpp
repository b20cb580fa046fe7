// libFuzzer: what the checker lets through can be evaluated on a machine, or gives a message.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "lang/checker.h"
#include "lang/parser.h"
#include "policy/policy.h"

namespace {

using namespace placewright;

constexpr const char* kDomains[] = {"0..3", "1,-1..2,0", "0,0,0..1,1,0", "-2,-1..7,8"};

void place_everything(const Policy& policy) {
  for (const lang::Statement& statement : policy.mapping().program.statements) {
    const auto* map = std::get_if<lang::MapStatement>(&statement.node);
    if (map == nullptr) continue;
    const std::string task = map->tasks.names.empty() ? "step" : map->tasks.names.front().text;
    const ProcessorKind kind = map->tasks.kind.value_or(ProcessorKind::Gpu);
    if (map->launch == lang::LaunchKind::Single) {
      const auto function = policy.single_map(policy.task(task), kind);
      if (function) (void)policy.place_single(*function, {ProcessorKind::Cpu, 0, 0}, kind);
      continue;
    }
    for (const char* text : kDomains) {
      const LaunchDomain domain = parse_launch_domain(text).value();
      const auto id = policy.task(task, {domain, /*tag=*/7, /*depth=*/1});
      const auto function = id ? policy.index_map(*id, kind) : std::nullopt;
      if (function) (void)policy.placement(*function, domain, kind);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const MachineShape machine = MachineShape::parse("nodes=2,GPU=3,CPU=2,OMP=1").value();
  std::string text(reinterpret_cast<const char*>(data), size);
  auto mapping = std::make_shared<Mapping>(Mapping{SourceFile("fuzz", std::move(text)), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  if (diagnostics.has_errors()) return 0;
  const auto policy = Policy::build(mapping, machine, diagnostics);
  if (policy != nullptr && !diagnostics.has_errors()) place_everything(*policy);
  return 0;
}
