// SPDX-License-Identifier: Apache-2.0
// Where the instance of a region argument lies and in which order it holds its data, as far as the
// language has words for it. The words are those of the decisions file (`run --decisions`).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "machine/kinds.h"

namespace placewright::machine {

/// The argument has no instance.
struct NoInstance {
  friend auto operator<=>(const NoInstance&, const NoInstance&) = default;
};
/// The instance lies in a kind of memory that the language has no word for.
struct UnnamedMemory {
  friend auto operator<=>(const UnnamedMemory&, const UnnamedMemory&) = default;
};
using InstanceMemory = std::variant<NoInstance, UnnamedMemory, MemoryKind>;

/// "NONE", "another kind", or the keyword of the memory.
[[nodiscard]] std::string_view to_string(const InstanceMemory& memory);
[[nodiscard]] std::optional<InstanceMemory> parse_instance_memory(std::string_view word);

/// Whether each field lies together or each element.
enum class FieldOrder : uint8_t { Soa, Aos };
/// Which dimension is contiguous: the first (F), the last (C), or with the others in neither order.
enum class DimensionOrder : uint8_t { F, C, Mixed };

struct DataOrder {
  FieldOrder fields = FieldOrder::Soa;
  DimensionOrder dimensions = DimensionOrder::F;  ///< F for a single dimension.
  friend bool operator==(const DataOrder&, const DataOrder&) = default;
};

/// "SOA", "AOS".
[[nodiscard]] std::string_view to_string(FieldOrder order);
[[nodiscard]] std::optional<FieldOrder> parse_field_order(std::string_view word);
/// "F", "C", "mixed".
[[nodiscard]] std::string_view to_string(DimensionOrder order);
[[nodiscard]] std::optional<DimensionOrder> parse_dimension_order(std::string_view word);

}  // namespace placewright::machine
