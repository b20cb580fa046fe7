// SPDX-License-Identifier: Apache-2.0
// Kinds of processors and memories as a rule spells them, and the messages for unknown ones.
#pragma once

#include <optional>

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

std::optional<Spelled<machine::ProcessorKind>> parse_processor(ParseContext& context);
std::optional<Spelled<machine::MemoryKind>> parse_memory(ParseContext& context);

}  // namespace placewright::lang
