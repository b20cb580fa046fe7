// SPDX-License-Identifier: Apache-2.0
// Which fields of an argument share an instance. A variant's demand that names fields holds for
// these fields, which then get an instance of their own, as under Legion's default mapper.
#pragma once

#include <vector>

#include "decide/argument.h"
#include "decide/layout.h"

namespace placewright::decide {

/// Fields of one argument that share an instance.
struct FieldPart {
  std::vector<FieldId> used;    ///< Those that the task uses, ascending; empty: all of them.
  std::vector<FieldId> fields;  ///< Those of the instance.
  std::vector<Demand> demands;  ///< Those for the instance; a later one wins over an earlier one.
};

/// Whether a demand holds for some fields only: those that it lists, aligns or gives an offset.
[[nodiscard]] bool names_fields(const Demand& demand);

/// One part for the fields of each demand that names some (demands that share a field share a part),
/// in the order of the demands, then one for the other fields. Every field that the task uses is in
/// one part. `all_fields`: of the region, in any order; an instance for fields that no demand names
/// has all of these, so that arguments which use different fields of a region share it, but for
/// reductions only those that are folded.
[[nodiscard]] std::vector<FieldPart> split_fields(const Argument& argument,
                                                  const std::vector<FieldId>& all_fields,
                                                  const std::vector<Demand>& demands);

}  // namespace placewright::decide
