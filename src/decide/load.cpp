// SPDX-License-Identifier: Apache-2.0
#include "decide/load.h"

#include "policy/policy.h"

namespace placewright::decide {

LoadedRules load_rules(const std::string& path, const machine::MachineShape& machine) {
  policy::LoadedPolicy loaded = policy::load_policy(path, machine);
  return {std::move(loaded.policy), std::move(loaded.messages)};
}

std::shared_ptr<const policy::Rules> empty_rules(const machine::MachineShape& machine) {
  auto mapping = std::make_shared<policy::Mapping>(policy::Mapping{SourceFile("", ""), {}});
  Diagnostics diagnostics(mapping->file);
  return policy::Policy::build(std::move(mapping), machine, diagnostics);
}

}  // namespace placewright::decide
