// SPDX-License-Identifier: Apache-2.0
// JSON schemas as servers with strict output want them. Pure; knows nothing of what they describe.
#pragma once

#include "llm/capabilities.h"
#include "support/json_values.h"

namespace placewright::llm {

/// The schema without longest, largest and smallest of anything, where the server takes none.
[[nodiscard]] nlohmann::json bounded_as(SchemaField field, nlohmann::json schema);

/// The schema with every property of every object required, as strict output demands. A property
/// that was optional may be null instead, so readers of answers take null as absent.
[[nodiscard]] nlohmann::json strict_schema(nlohmann::json schema, SchemaField field);

}  // namespace placewright::llm
