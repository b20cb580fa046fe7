// SPDX-License-Identifier: Apache-2.0
// Earlier dialects of the language: one message that says so, after which the text is abandoned.
// Each function reports whether it found one.
#pragma once

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

/// The first form of the language, 2022-04: lower-case words and no semicolons.
bool report_prototype_dialect(ParseContext& context);
/// 2022: a map statement also names a machine, `mgpu f` or `Machine(GPU) f`.
bool report_old_dialect_map(ParseContext& context, const MapStatement& map);
/// 2022: a limit also names a kind of processor.
bool report_old_dialect_limit(ParseContext& context, const TaskSelector& tasks);

}  // namespace placewright::lang
