// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/notation.h"

#include <fmt/core.h>

namespace placewright::lang {

std::string PartWriter::operator()(const TaskSelector& tasks) const {
  if (tasks.any) return "*";
  if (tasks.kind) return std::string(machine::to_string(*tasks.kind));
  const std::string names = joined(tasks.names, notation_.between_tasks,
                                   [&](const Name& name) { return notation_.name(name.text); });
  return notation_.groups ? fmt::format("(tasks {})", names) : names;
}

std::string PartWriter::operator()(const RegionSelector& regions) const {
  if (regions.any) return "*";
  return joined(regions.arguments, notation_.between_regions, [&](const RegionArgument& region) {
    return region.name ? notation_.name(region.name->text) : std::to_string(region.index);
  });
}

std::string PartWriter::operator()(const std::vector<LayoutConstraint>& constraints) const {
  return joined(constraints, " ", [&](const LayoutConstraint& c) {
    if (c.word != LayoutWord::Align) return std::string(to_string(c.word));
    const std::string alignment =
        fmt::format("{} {} {}", to_string(c.word), to_string(c.comparison), c.bytes);
    return notation_.groups ? fmt::format("({})", alignment) : alignment;
  });
}

std::string PartWriter::operator()(const Spelled<int64_t>& number) const {
  return std::to_string(number.value);
}

std::string PartWriter::operator()(const std::optional<NodeRange>& nodes) const {
  return nodes ? fmt::format("{}..{}", nodes->first, nodes->last) : "";
}

std::string parameters_of(const FunctionDefinition& function) {
  return joined(function.parameters, ", ", [](const Parameter& p) {
    return fmt::format("{} {}", to_string(p.type.value), p.name.text);
  });
}

}  // namespace placewright::lang
