// Writes an assignment as a mapping in our language: only rules that differ from what Legion's
// default mapper does.
#pragma once

#include <string>

#include "tune/search_space.h"

namespace placewright::tune {

/// Regions are named where a name reaches exactly the arguments meant, else given by index. Equal
/// assignments give equal texts. `title` becomes the first comment line.
[[nodiscard]] std::string write_mapping(const SearchSpace& space, const Assignment& assignment,
                                        const std::string& title);

}  // namespace placewright::tune
