// SPDX-License-Identifier: Apache-2.0
// Policies from texts, for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "policy/policy.h"

namespace placewright::policy {

struct BuiltPolicy {
  std::shared_ptr<const Policy> policy;
  std::string messages;
};

/// Parses, checks and builds; messages are those of all three.
inline BuiltPolicy build_policy(const std::string& text, const std::string& machine) {
  auto mapping = std::make_shared<Mapping>(Mapping{SourceFile("test.mapping", text), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  if (!diagnostics.has_errors()) lang::check(mapping->program, diagnostics);
  BuiltPolicy built;
  if (!diagnostics.has_errors()) {
    built.policy =
        Policy::build(mapping, machine::MachineShape::parse(machine).value(), diagnostics);
  }
  built.messages = diagnostics.to_text();
  return built;
}

/// A policy whose text must be right.
inline std::shared_ptr<const Policy> good_policy(
    const std::string& text, const std::string& machine = "nodes=2,GPU=4,CPU=1") {
  BuiltPolicy built = build_policy(text, machine);
  EXPECT_TRUE(built.policy) << built.messages;
  return built.policy;
}

/// The memories of an argument in words, best first.
inline std::string memories(const Policy& policy, std::string_view task,
                            std::vector<std::string> names, int index,
                            machine::ProcessorKind kind) {
  std::vector<RegionId> ids;
  for (const std::string& name : names) ids.push_back(policy.region(name));
  std::string text;
  for (const MemoryRule& rule : policy.memories(policy.task(task), {ids, index}, kind)) {
    text += std::string(text.empty() ? "" : " ") + std::string(to_string(rule.kind));
  }
  return text;
}

}  // namespace placewright::policy
