// SPDX-License-Identifier: Apache-2.0
#include "machine/instance.h"

#include "support/overload.h"

namespace placewright::machine {
namespace {

constexpr std::string_view kNone = "NONE";
constexpr std::string_view kUnnamed = "another kind";

}  // namespace

std::string_view to_string(const InstanceMemory& memory) {
  return std::visit(
      Overload{[](NoInstance) { return kNone; }, [](UnnamedMemory) { return kUnnamed; },
               [](MemoryKind kind) { return to_string(kind); }},
      memory);
}

std::optional<InstanceMemory> parse_instance_memory(std::string_view word) {
  if (word == kNone) return NoInstance{};
  if (word == kUnnamed) return UnnamedMemory{};
  return parse_memory_kind(word);
}

std::string_view to_string(FieldOrder order) { return order == FieldOrder::Aos ? "AOS" : "SOA"; }

std::optional<FieldOrder> parse_field_order(std::string_view word) {
  if (word == "SOA") return FieldOrder::Soa;
  if (word == "AOS") return FieldOrder::Aos;
  return std::nullopt;
}

std::string_view to_string(DimensionOrder order) {
  switch (order) {
    case DimensionOrder::F:
      return "F";
    case DimensionOrder::C:
      return "C";
    case DimensionOrder::Mixed:
      break;
  }
  return "mixed";
}

std::optional<DimensionOrder> parse_dimension_order(std::string_view word) {
  for (const DimensionOrder order : {DimensionOrder::F, DimensionOrder::C, DimensionOrder::Mixed}) {
    if (to_string(order) == word) return order;
  }
  return std::nullopt;
}

}  // namespace placewright::machine
