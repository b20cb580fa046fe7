// SPDX-License-Identifier: Apache-2.0
// The index maps that narrowed grammars and decision forms offer by name, as functions of the
// language. They place every point of any launch, for any dimensions and origin.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "machine/kinds.h"

namespace placewright::lang::grammar {

/// `block`: slabs along the first dimension. `cyclic`: diagonals in turn. `grid`: blocks of a
/// decomposition in all dimensions.
inline constexpr std::array<std::string_view, 3> kIndexMaps = {"block", "cyclic", "grid"};

/// `block_gpu`.
[[nodiscard]] std::string index_map_name(std::string_view map, machine::ProcessorKind kind);
/// The definition of the processor space shared by the functions of a kind.
[[nodiscard]] std::string space_definition(machine::ProcessorKind kind);
/// The definition of the function index_map_name(); needs space_definition().
[[nodiscard]] std::string index_map_definition(std::string_view map, machine::ProcessorKind kind);

/// A task or region as written in a rule: quoted where necessary.
[[nodiscard]] std::string written_name(const std::string& name);

}  // namespace placewright::lang::grammar
