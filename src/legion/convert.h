// SPDX-License-Identifier: Apache-2.0
// Converts processor kinds, memory kinds and points between Legion and the language.
#pragma once

#include <optional>

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

}  // namespace placewright::legion
