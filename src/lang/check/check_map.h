// SPDX-License-Identifier: Apache-2.0
// Checks of the rules that name a mapping function: IndexTaskMap and SingleTaskMap.
#pragma once

#include "lang/check/check_rules.h"

namespace placewright::lang {

/// `statement` is the index of the rule's statement.
void check_map(CheckContext& context, CheckedRules& rules, const MapStatement& rule,
               size_t statement);

}  // namespace placewright::lang
