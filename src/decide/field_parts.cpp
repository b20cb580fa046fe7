// SPDX-License-Identifier: Apache-2.0
#include "decide/field_parts.h"

#include <algorithm>

namespace placewright::decide {
namespace {

using Fields = std::vector<FieldId>;

bool has(const Fields& fields, FieldId field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

bool share_any(const Fields& one, const Fields& other) {
  return std::any_of(one.begin(), one.end(), [&](FieldId field) { return has(other, field); });
}

void add(Fields& fields, FieldId field) {
  if (!has(fields, field)) fields.push_back(field);
}

/// The fields that a demand names, those of its list first.
Fields named(const Demand& demand) {
  Fields result;
  for (const FieldId field : demand.layout.fields.ids) add(result, field);
  for (const FieldAlignment& each : demand.layout.alignments) add(result, each.field);
  for (const FieldOffset& each : demand.layout.offsets) add(result, each.field);
  return result;
}

/// Demands that share fields.
struct Group {
  Fields fields;
  bool has_list = false;  ///< The instance must have all of the fields.
  std::vector<Demand> demands;
};

/// Adds the fields of demands in their order, after those that the group has.
void join(Group& group, const Fields& fields, const std::vector<Demand>& demands) {
  for (const FieldId field : fields) add(group.fields, field);
  for (const Demand& demand : demands) {
    group.has_list |= !demand.layout.fields.ids.empty();
    group.demands.push_back(demand);
  }
}

std::vector<Group> group_demands(const std::vector<Demand>& demands, const Fields& all_fields) {
  std::vector<Group> groups;
  for (const Demand& demand : demands) {
    Fields fields = named(demand);
    // A variant may serve regions of several field spaces.
    std::erase_if(fields, [&](FieldId field) { return !has(all_fields, field); });
    if (fields.empty()) continue;
    Group joined;
    for (const Group& group : groups) {
      if (share_any(group.fields, fields)) join(joined, group.fields, group.demands);
    }
    std::erase_if(groups, [&](const Group& group) { return share_any(group.fields, fields); });
    join(joined, fields, {demand});
    groups.push_back(std::move(joined));
  }
  return groups;
}

}  // namespace

bool names_fields(const Demand& demand) { return !named(demand).empty(); }

std::vector<FieldPart> split_fields(const Argument& argument, const Fields& all_fields,
                                    const std::vector<Demand>& demands) {
  const bool reduces = argument.privilege == machine::Privilege::Reduce;
  FieldPart rest;
  std::copy_if(demands.begin(), demands.end(), std::back_inserter(rest.demands),
               [](const Demand& demand) { return !names_fields(demand); });
  rest.used.assign(argument.fields.begin(), argument.fields.end());
  rest.fields = reduces ? rest.used : all_fields;
  std::sort(rest.fields.begin(), rest.fields.end());
  std::vector<FieldPart> parts;
  for (const Group& group : group_demands(demands, all_fields)) {
    const auto is_in_group = [&](FieldId field) { return has(group.fields, field); };
    FieldPart part;
    std::copy_if(rest.used.begin(), rest.used.end(), std::back_inserter(part.used), is_in_group);
    if (part.used.empty()) continue;
    part.fields = group.fields;
    if (reduces && !group.has_list) part.fields = part.used;
    part.demands = rest.demands;
    part.demands.insert(part.demands.end(), group.demands.begin(), group.demands.end());
    parts.push_back(std::move(part));
    std::erase_if(rest.used, is_in_group);
    std::erase_if(rest.fields, is_in_group);
  }
  if (!rest.used.empty() || parts.empty()) parts.push_back(std::move(rest));
  return parts;
}

}  // namespace placewright::decide
