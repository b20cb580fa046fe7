// SPDX-License-Identifier: Apache-2.0
// Productions for the rules of a mapping, but for layouts (parse_layout.h). Those that may end with a condition set it.
#pragma once

#include <optional>

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

std::optional<TaskStatement> parse_task(ParseContext& context, ExprPtr& condition);
std::optional<RegionStatement> parse_region(ParseContext& context, ExprPtr& condition);
std::optional<MapStatement> parse_map(ParseContext& context, LaunchKind launch, ExprPtr& condition);
std::optional<InstanceLimitStatement> parse_instance_limit(ParseContext& context,
                                                           ExprPtr& condition);
std::optional<CollectMemoryStatement> parse_collect_memory(ParseContext& context,
                                                           ExprPtr& condition);
std::optional<ControlReplicateStatement> parse_control_replicate(ParseContext& context,
                                                                 ExprPtr& condition);
std::optional<PriorityStatement> parse_priority(ParseContext& context, ExprPtr& condition);
std::optional<TaskStealStatement> parse_task_steal(ParseContext& context);

/// The end of a rule: an optional condition, then `;`. `expected` is for the message if neither is
/// there.
bool end_rule(ParseContext& context, std::string_view expected, ExprPtr& condition);

}  // namespace placewright::lang
