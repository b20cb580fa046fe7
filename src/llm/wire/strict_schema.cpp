// SPDX-License-Identifier: Apache-2.0
#include "llm/wire/strict_schema.h"

#include <algorithm>

#include "llm/wire/json_access.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

constexpr const char* kBounds[] = {"minLength",  "maxLength",        "minItems",
                                   "maxItems",   "uniqueItems",      "minimum",
                                   "maximum",    "exclusiveMinimum", "exclusiveMaximum",
                                   "multipleOf", "minProperties",    "maxProperties"};

/// Applies `change` to a schema and all schemas in it. The members of `properties` and `$defs` have
/// names of their own.
template <class Change>
void change_schemas(json& schema, const Change& change) {
  if (!schema.is_object()) return;
  for (const char* name : {"properties", "$defs"}) {
    if (member(schema, name) == nullptr || !schema[name].is_object()) continue;
    for (json& each : schema[name]) change_schemas(each, change);
  }
  for (const char* name : {"anyOf", "allOf", "oneOf", "prefixItems"}) {
    if (member(schema, name) == nullptr || !schema[name].is_array()) continue;
    for (json& each : schema[name]) change_schemas(each, change);
  }
  if (member(schema, "items") != nullptr) change_schemas(schema["items"], change);
  change(schema);
}

void require_all(json& schema) {
  const json* properties = member(schema, "properties");
  if (properties == nullptr || !properties->is_object()) return;
  const json required = schema.value("required", json::array());
  json all = json::array();
  for (auto& [name, property] : schema["properties"].items()) {
    all.push_back(name);
    const bool was_required = std::ranges::find(required, json(name)) != required.end();
    if (!was_required) property = {{"anyOf", json::array({property, {{"type", "null"}}})}};
  }
  schema["required"] = std::move(all);
  schema["additionalProperties"] = false;
}

}  // namespace

json bounded_as(SchemaField field, json schema) {
  if (field == SchemaField::UnboundedFormat) {
    change_schemas(schema, [](json& each) {
      for (const char* bound : kBounds) each.erase(bound);
    });
  }
  return schema;
}

json strict_schema(json schema, SchemaField field) {
  schema = bounded_as(field, std::move(schema));
  change_schemas(schema, require_all);
  return schema;
}

}  // namespace placewright::llm
