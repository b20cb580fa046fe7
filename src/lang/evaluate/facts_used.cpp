// SPDX-License-Identifier: Apache-2.0
// Which facts of a launch functions ask for, from their compiled form.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lang/evaluate/evaluate.h"
#include "lang/evaluate/evaluate_code.h"

namespace placewright::lang {
namespace {

struct Uses {
  machine::FactsUsed facts;
  std::set<std::string> names;  ///< Globals, among them functions that are called.
};

void add_uses(const Code& code, const CompiledProgram& program, Uses& uses) {
  if (code.op == Op::Global)
    uses.names.insert(program.global_names[static_cast<size_t>(code.slot)]);
  if (code.op == Op::Property) {
    uses.facts.tag |= code.member == Member::Tag;
    uses.facts.depth |= code.member == Member::Depth;
    uses.facts.parent |= code.member == Member::Parent;
    uses.facts.mapper |= code.member == Member::MapperId;
  }
  for (const Code& child : code.children) add_uses(child, program, uses);
}

machine::FactsUsed both(machine::FactsUsed a, machine::FactsUsed b) {
  return {a.tag || b.tag, a.depth || b.depth, a.parent || b.parent, a.mapper || b.mapper};
}

}  // namespace

std::map<std::string, machine::FactsUsed, std::less<>> facts_used(const Program& program) {
  // No value depends on this machine, because nothing is evaluated.
  CompiledProgram compiled(machine::MachineShape({machine::NodeShape{}}), {});
  std::map<std::string, Uses, std::less<>> uses;
  for (const Statement& statement : program.statements) {
    const auto* definition = std::get_if<FunctionDefinition>(&statement.node);
    if (definition == nullptr || uses.contains(definition->name.text)) continue;
    const CompiledFunction function = compile_function(*definition, compiled);
    Uses& own = uses[function.name];
    for (const CompiledStatement& each : function.body)
      for (const Code& code : each.expressions) add_uses(code, compiled, own);
  }
  std::map<std::string, std::vector<std::string>, std::less<>> callers;
  std::vector<std::string> changed;
  for (const auto& [name, own] : uses) {
    for (const std::string& called : own.names) callers[called].push_back(name);
    if (own.facts.any()) changed.push_back(name);
  }
  while (!changed.empty()) {
    const std::string name = std::move(changed.back());
    changed.pop_back();
    for (const std::string& caller : callers[name]) {
      Uses& calling = uses[caller];
      const machine::FactsUsed all = both(calling.facts, uses[name].facts);
      if (all == calling.facts) continue;
      calling.facts = all;
      changed.push_back(caller);
    }
  }
  std::map<std::string, machine::FactsUsed, std::less<>> result;
  for (const auto& [name, own] : uses) result.emplace(name, own.facts);
  return result;
}

}  // namespace placewright::lang
