// SPDX-License-Identifier: Apache-2.0
// Productions for the tasks and regions that a rule selects, and for names.
#pragma once

#include <optional>

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

enum class Selects { Names, NamesOrStar, NamesStarOrKind };
std::optional<TaskSelector> parse_tasks(ParseContext& context, Selects what);
std::optional<RegionSelector> parse_regions(ParseContext& context);

/// A plain or quoted name. `what` completes "the name of a ...".
std::optional<Name> parse_name(ParseContext& context, std::string_view what);

/// Whether a list continues: after a comma, or at the next element if its comma is missing.
bool list_goes_on(ParseContext& context, bool next_is_element);

}  // namespace placewright::lang
