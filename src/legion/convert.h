// SPDX-License-Identifier: Apache-2.0
// Converts kinds, points and privileges between Legion and the decision core.
#pragma once

#include <optional>

#include "decide/argument.h"
#include "legion.h"
#include "machine/domain.h"
#include "machine/kinds.h"

namespace placewright::legion {

[[nodiscard]] Legion::Processor::Kind to_legion(machine::ProcessorKind kind);
/// nullopt for kinds that no task is mapped to (utility processors).
[[nodiscard]] std::optional<machine::ProcessorKind> from_legion(Legion::Processor::Kind kind);
/// `kind` must not be MemoryKind::Virtual.
[[nodiscard]] Legion::Memory::Kind to_legion(machine::MemoryKind kind);
[[nodiscard]] std::optional<machine::MemoryKind> from_legion(Legion::Memory::Kind kind);

[[nodiscard]] machine::DomainPoint from_legion(const Legion::DomainPoint& point);
/// The bounding box.
[[nodiscard]] machine::LaunchDomain from_legion(const Legion::Domain& domain);
[[nodiscard]] Legion::DomainPoint to_legion(const machine::DomainPoint& point);

[[nodiscard]] machine::Privilege privilege_of(Legion::PrivilegeMode privilege);
[[nodiscard]] decide::Memory describe(Legion::Memory memory);
[[nodiscard]] Legion::Memory to_legion(const decide::Memory& memory);

}  // namespace placewright::legion
