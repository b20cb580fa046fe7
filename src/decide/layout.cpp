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

/// Whether the first order keeps the second one's axes in its sequence, next to each other if that
/// is asked for.
bool has_order(const Ordering& order, const Ordering& wanted) {
  auto from = order.axes.begin();
  for (const int8_t axis : wanted.axes) {
    const auto found = std::find(from, order.axes.end(), axis);
    if (found == order.axes.end()) return false;
    if (wanted.contiguous && axis != wanted.axes.front() && found != from) return false;
    from = found + 1;
  }
  return true;
}

/// A demanded order with the axes that it leaves out in their sequence in `other`. The fields are
/// first or last, because the runtime knows nothing in between.
Ordering complete(Ordering demanded, const Ordering& other) {
  const auto fields = [](const Ordering& order) {
    return std::find(order.axes.begin(), order.axes.end(), Ordering::kFields);
  };
  const bool names_fields = fields(demanded) != demanded.axes.end();
  const bool fields_first = names_fields ? fields(demanded) == demanded.axes.begin()
                                         : fields(other) == other.axes.begin();
  if (!names_fields)
    demanded.axes.insert(fields_first ? demanded.axes.begin() : demanded.axes.end(),
                         Ordering::kFields);
  std::vector<int8_t> missing;
  std::copy_if(other.axes.begin(), other.axes.end(), std::back_inserter(missing), [&](int8_t axis) {
    return std::find(demanded.axes.begin(), demanded.axes.end(), axis) == demanded.axes.end();
  });
  demanded.axes.insert(fields_first ? demanded.axes.end() : demanded.axes.begin(), missing.begin(),
                       missing.end());
  return demanded;
}

void add_conflict(LayoutRequest& request, const std::string& wanted, const std::string& demanded) {
  if (!request.conflict) {
    request.conflict = {wanted, demanded};
    return;
  }
  request.conflict->wanted += ", " + wanted;
  request.conflict->demanded += ", " + demanded;
}

void merge_ordering(LayoutRequest& request, Ordering demanded, int dim, bool has_rule) {
  std::erase_if(demanded.axes, [&](int8_t axis) { return axis >= dim; });
  if (demanded.axes.empty()) return;
  Ordering& into = request.layout.ordering;
  if (has_order(into, demanded)) {
    into.contiguous |= demanded.contiguous;
    return;
  }
  demanded = complete(std::move(demanded), into);
  if (has_rule) add_conflict(request, order_text(into, dim), order_text(demanded, dim));
  into = std::move(demanded);
}

std::string_view storage_text(Storage storage) {
  return storage == Storage::Affine ? "an instance that is not Compact"
                                    : "an instance of a kind of its own";
}

void merge_specialization(LayoutRequest& request, const Specialization& demanded) {
  Specialization& into = request.layout.specialization;
  const bool is_exact = into.exact || demanded.exact;
  if (demanded.storage != Storage::Any) {
    if (into.storage == Storage::Compact && demanded.storage != Storage::Compact)
      add_conflict(request, "Compact", std::string(storage_text(demanded.storage)));
    into = demanded;
  }
  into.exact = is_exact;
  request.tight |= is_exact;
}

/// Whether everything that one relation allows is allowed by the other. Powers of two.
bool implies(const FieldAlignment& one, const FieldAlignment& other) {
  using policy::Relation;
  const auto holds = [&](uint64_t bytes) {
    switch (other.relation) {
      case Relation::Less:
        return bytes < other.bytes;
      case Relation::LessEqual:
        return bytes <= other.bytes;
      case Relation::Greater:
        return bytes > other.bytes;
      case Relation::GreaterEqual:
        return bytes >= other.bytes;
      case Relation::Equal:
        return bytes == other.bytes;
      case Relation::NotEqual:
        return bytes != other.bytes;
    }
    return false;
  };
  const bool is_floor =
      other.relation == Relation::Greater || other.relation == Relation::GreaterEqual;
  return one.relation == Relation::Equal || (one.relation == Relation::GreaterEqual && is_floor)
             ? holds(one.bytes)
             : one == other;
}

void merge_alignment(Layout& into, const FieldAlignment& demanded) {
  const auto same =
      std::find_if(into.alignments.begin(), into.alignments.end(),
                   [&](const FieldAlignment& other) { return other.field == demanded.field; });
  if (same == into.alignments.end()) {
    into.alignments.push_back(demanded);
  } else if (!implies(*same, demanded)) {
    *same = demanded;
  }
}

template <class Constraint>
void add_once(std::vector<Constraint>& list, const Constraint& constraint) {
  if (std::find(list.begin(), list.end(), constraint) == list.end()) list.push_back(constraint);
}

/// At least as much as each of two asks for.
void merge_padding(std::optional<machine::LaunchDomain>& into,
                   const machine::LaunchDomain& demanded) {
  if (!into || into->dim() != demanded.dim()) {
    into = demanded;
    return;
  }
  for (int d = 0; d < demanded.dim(); ++d) {
    into->lo.at[d] = std::max(into->lo.at[d], demanded.lo.at[d]);
    into->hi.at[d] = std::max(into->hi.at[d], demanded.hi.at[d]);
  }
}

/// Adds a variant's demands to the request.
void merge(LayoutRequest& request, const Layout& demand, int dim, bool has_rule) {
  Layout& into = request.layout;
  merge_ordering(request, demand.ordering, dim, has_rule);
  merge_specialization(request, demand.specialization);
  into.fields.contiguous |= demand.fields.contiguous;
  into.fields.in_order |= demand.fields.in_order;
  const auto is_here = [&](FieldId field) {
    return std::find(into.fields.ids.begin(), into.fields.ids.end(), field) !=
           into.fields.ids.end();
  };
  for (const FieldAlignment& alignment : demand.alignments) {
    if (is_here(alignment.field)) merge_alignment(into, alignment);
  }
  for (const FieldOffset& offset : demand.offsets) {
    if (is_here(offset.field)) add_once(into.offsets, offset);
  }
  for (const Tiling& tiling : demand.tilings) add_once(into.tilings, tiling);
  for (const AxisBound& bound : demand.bounds) add_once(into.bounds, bound);
  if (demand.padding) merge_padding(into.padding, *demand.padding);
}

/// A reduction instance, whatever storage the rule and the demands name: a demand that is for
/// something else cannot be met.
void make_reduction(LayoutRequest& request, ReductionId reduction) {
  Specialization& special = request.layout.specialization;
  if (special.storage != Storage::CompactReduction) {
    const bool is_exact = special.exact;
    special = Specialization();
    special.storage = Storage::Reduction;
    special.exact = is_exact;
  }
  special.reduction = reduction;
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
  if (reduction != 0) make_reduction(request, reduction);
  return request;
}

LayoutRequest for_output(LayoutRequest request, int dim) {
  Ordering apart = request.layout.ordering;
  std::erase(apart.axes, Ordering::kFields);
  apart.axes.push_back(Ordering::kFields);
  LayoutRequest result;
  if (apart != request.layout.ordering)
    add_conflict(result, order_text(request.layout.ordering, dim), order_text(apart, dim));
  result.layout.ordering = std::move(apart);
  result.layout.fields = std::move(request.layout.fields);
  return result;
}

}  // namespace placewright::decide
