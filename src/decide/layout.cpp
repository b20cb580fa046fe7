// SPDX-License-Identifier: Apache-2.0
#include "decide/layout.h"

#include <algorithm>
#include <functional>

namespace placewright::decide {
namespace {

/// SOA keeps the values of a field together, AOS the fields of an element. F order is X, Y, ..; C
/// order is the reverse.
Ordering wanted_ordering(const policy::LayoutRule& rule, int dim) {
  Ordering result;
  for (int d = 0; d < dim; ++d)
    result.axes.push_back(static_cast<int8_t>(rule.c_order ? dim - 1 - d : d));
  result.axes.insert(rule.aos ? result.axes.begin() : result.axes.end(), Ordering::kFields);
  return result;
}

std::string order_text(const Ordering& ordering, int dim) {
  const machine::DataOrder order = describe(ordering, dim);
  return std::string(to_string(order.fields)) + " " + std::string(to_string(order.dimensions)) +
         "_order";
}

template <class List>
void append(List& list, const List& more) {
  list.insert(list.end(), more.begin(), more.end());
}

/// Overrides the request with a variant's demands.
void merge(LayoutRequest& request, const Layout& demand, int dim, bool has_rule) {
  Layout& into = request.layout;
  if (!demand.ordering.axes.empty()) {
    if (has_rule && into.ordering.axes != demand.ordering.axes)
      request.conflict = {order_text(into.ordering, dim), order_text(demand.ordering, dim)};
    into.ordering = demand.ordering;
  }
  const Specialization& special = demand.specialization;
  if (special.storage != Storage::Affine || special.exact) into.specialization = special;
  if (!demand.fields.ids.empty() && (demand.fields.contiguous || demand.fields.in_order))
    into.fields = demand.fields;
  for (const FieldAlignment& alignment : demand.alignments) {
    std::erase_if(into.alignments,
                  [&](const FieldAlignment& other) { return other.field == alignment.field; });
    into.alignments.push_back(alignment);
  }
  append(into.offsets, demand.offsets);
  append(into.tilings, demand.tilings);
  append(into.bounds, demand.bounds);
  if (demand.padding) into.padding = demand.padding;
}

}  // namespace

machine::DataOrder describe(const Ordering& ordering, int dim) {
  std::vector<int8_t> dimensions;
  bool fields_first = false;
  for (const int8_t axis : ordering.axes) {
    if (axis == Ordering::kFields) {
      fields_first = dimensions.empty();
    } else if (axis < dim) {
      dimensions.push_back(axis);
    }
  }
  const bool ascending = std::is_sorted(dimensions.begin(), dimensions.end());
  const bool descending = std::is_sorted(dimensions.begin(), dimensions.end(), std::greater<>());
  return {fields_first ? machine::FieldOrder::Aos : machine::FieldOrder::Soa,
          ascending    ? machine::DimensionOrder::F
          : descending ? machine::DimensionOrder::C
                       : machine::DimensionOrder::Mixed};
}

LayoutRequest request_layout(const std::optional<policy::LayoutRule>& rule, int dim,
                             const std::vector<FieldId>& fields, ReductionId reduction,
                             const std::vector<Demand>& demands) {
  const policy::LayoutRule wanted = rule.value_or(policy::LayoutRule{});
  LayoutRequest request;
  request.tight = wanted.exact;
  // The language forbids Compact on a reduction; the checker reports that.
  const bool compact = wanted.compact && reduction == 0;
  request.layout.specialization.storage = compact ? Storage::Compact : Storage::Affine;
  request.layout.specialization.exact = wanted.exact;
  request.layout.fields.ids = fields;
  request.layout.ordering = wanted_ordering(wanted, dim);
  if (wanted.alignment) {
    for (const FieldId field : fields)
      request.layout.alignments.push_back(
          {field, wanted.alignment->relation, static_cast<uint64_t>(wanted.alignment->bytes)});
  }
  for (const Demand& demand : demands) merge(request, demand.layout, dim, rule.has_value());
  if (reduction != 0) {
    request.layout.specialization = Specialization();
    request.layout.specialization.storage = Storage::Reduction;
    request.layout.specialization.reduction = reduction;
    request.layout.specialization.exact = wanted.exact;
  }
  return request;
}

}  // namespace placewright::decide
