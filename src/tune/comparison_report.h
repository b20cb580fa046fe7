// SPDX-License-Identifier: Apache-2.0
// The results of a comparison of mappings, as text and as JSON. docs/compare.md has the schema.
#pragma once

#include <string>

#include "tune/comparison.h"

namespace placewright::tune {

/// One line per mapping: median and ratio to the reference with their intervals. Below, whether the
/// checksums are equal and what each mapping decides differently.
[[nodiscard]] std::string render(const Comparison& comparison);

/// Everything, samples included.
[[nodiscard]] std::string to_json(const Comparison& comparison);

}  // namespace placewright::tune
