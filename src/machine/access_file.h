// SPDX-License-Identifier: Apache-2.0
// The reader of `[access.<processor>.<memory>]` in machine files.
#pragma once

#include <map>
#include <string>

#include "machine/access_curve.h"
#include "support/result.h"
#include "support/toml.h"

namespace placewright::machine {

/// Reads the section `access`; the keys of the result are kAccessPlaces.
///
/// Errors, as `file:line: ...`: a place, pattern or unit that is not known, a table without one of
/// the patterns, a curve without points or source, a footprint that is 0 or not larger than the one
/// before, a rate outside its range or the limits, rates that rise and fall.
[[nodiscard]] Result<std::map<std::string, AccessTable>> read_access_tables(
    const toml::table& section, const std::string& file);

}  // namespace placewright::machine
