// SPDX-License-Identifier: Apache-2.0
// Writes an assignment as a mapping in our language: only rules that differ from what Legion's
// default mapper does.
#pragma once

#include <string>

#include "tune/search_space.h"

namespace placewright::tune {

/// Regions are named where a name reaches exactly the arguments meant, else given by index. Equal
/// assignments give equal texts.
[[nodiscard]] std::string write_mapping(const SearchSpace& space, const Assignment& assignment);

/// The mapping with `title` as its first comment line.
[[nodiscard]] std::string titled(const std::string& title, const std::string& mapping);

}  // namespace placewright::tune
