// SPDX-License-Identifier: Apache-2.0
// Single choices of a search space as rules of the language.
#pragma once

#include <string>

#include "tune/search_space.h"

namespace placewright::tune {

/// The rule that gives a knob a choice, whatever more general rules say; empty where the task's name
/// cannot be written. Not for index maps.
[[nodiscard]] std::string rule_of(const SearchSpace& space, const Knob& knob, const Choice& choice);

}  // namespace placewright::tune
