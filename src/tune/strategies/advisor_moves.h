// SPDX-License-Identifier: Apache-2.0
// The moves of the advisor's local search: choices of the search space as edits of one mapping.
#pragma once

#include <string>
#include <vector>

#include "explain/finding.h"
#include "tune/search_space.h"

namespace placewright::tune {

/// Groups of memories that hold overlapping data, processors and index maps of all tasks and of
/// single ones, single memories, layouts: each as an edit that applies to the mapping without an
/// error and changes its decisions. Moves that turn a knob that an edit of a heavy finding turns
/// come first; then by the kind of move, groups before single ones, heaviest tasks first. An empty
/// `mapping` is Legion's default mapper.
[[nodiscard]] std::vector<explain::Edit> local_moves(const tune::SearchSpace& space,
                                                     const std::string& mapping,
                                                     const std::vector<explain::Finding>& findings);

}  // namespace placewright::tune
