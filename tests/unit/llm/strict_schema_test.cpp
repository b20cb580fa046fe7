// SPDX-License-Identifier: Apache-2.0
#include "llm/wire/strict_schema.h"

#include <gtest/gtest.h>

namespace placewright::llm {
namespace {

using nlohmann::json;

TEST(StrictSchema, RequiresEveryPropertyOfEveryObject) {
  const json schema = json::parse(R"({
    "type": "object", "required": ["a"],
    "properties": {
      "a": {"type": "string"},
      "b": {"type": "array", "items": {"type": "object", "properties": {"c": {"type": "integer"}}}}
    }})");
  EXPECT_EQ(strict_schema(schema, SchemaField::Format), json::parse(R"({
    "type": "object", "required": ["a", "b"], "additionalProperties": false,
    "properties": {
      "a": {"type": "string"},
      "b": {"anyOf": [
        {"type": "array", "items": {
          "type": "object", "required": ["c"], "additionalProperties": false,
          "properties": {"c": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}}},
        {"type": "null"}]}
    }})"));
}

TEST(StrictSchema, PropertiesMayBeCalledLikeKeywords) {
  const json schema = json::parse(
      R"({"type":"object","properties":{"properties":{"type":"string"},"items":{"type":"null"}}})");
  const json strict = strict_schema(schema, SchemaField::UnboundedFormat);
  EXPECT_EQ(strict["required"], json::parse(R"(["items","properties"])"));
}

TEST(StrictSchema, KeepsBoundsUnlessTheServerTakesNone) {
  const json schema = json::parse(
      R"({"type":"object","required":["maxLength"],"properties":
          {"maxLength":{"type":"string","maxLength":3,"enum":["a"]}}})");
  EXPECT_EQ(strict_schema(schema, SchemaField::Format)["properties"], schema["properties"]);
  EXPECT_EQ(strict_schema(schema, SchemaField::UnboundedFormat)["properties"],
            json::parse(R"({"maxLength":{"type":"string","enum":["a"]}})"));
}

}  // namespace
}  // namespace placewright::llm
