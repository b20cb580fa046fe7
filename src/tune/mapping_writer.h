// SPDX-License-Identifier: Apache-2.0
// Writes an assignment as a mapping in our language. Writes only rules whose effect differs from
// Legion's default mapper.
#pragma once

#include <string>

#include "tune/search_space.h"
#include "workload/candidate.h"

namespace placewright::tune {

/// A space with a base mapping gives its text, with a rule in front for each decision that differs.
/// A decision by a map function of the base cannot be given back to the default mapper.
/// Otherwise arguments are named by region where the name matches exactly the intended ones, else by index.
/// Equal assignments give equal texts.
[[nodiscard]] std::string write_mapping(const SearchSpace& space, const Assignment& assignment);

/// What the default mapper decides, whatever the base mapping.
[[nodiscard]] std::string write_defaults(const SearchSpace& space);

/// The mapping that spells out the default mapper's decisions, compiled. Rejected only by a mistake
/// of write_mapping().
[[nodiscard]] workload::Candidate default_candidate(const SearchSpace& space);

/// The mapping with `title` as its first comment line.
[[nodiscard]] std::string titled(const std::string& title, const std::string& mapping);
/// The mapping that titled() was given.
[[nodiscard]] std::string untitled(const std::string& mapping);

}  // namespace placewright::tune
