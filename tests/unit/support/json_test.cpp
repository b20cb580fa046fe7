// SPDX-License-Identifier: Apache-2.0
#include "support/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placewright {

namespace {
enum class Colour { Red, Green };
}  // namespace

template <>
inline constexpr int kEnumerators<Colour> = 2;

namespace {

using nlohmann::json;

struct Part {
  int count = 0;
  std::vector<uint8_t> bytes;
  std::string name;
  Colour colour = Colour::Red;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Part, count, bytes, name, colour)

/// The error of reading a list of parts; empty if there is none.
std::string error_of(std::string_view text) {
  const auto parts = read_json_text(
      text, [](const json& document) { return document.at("parts").get<std::vector<Part>>(); });
  return parts ? "" : parts.error().message;
}

std::string nested(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(Json, ValuesSurviveWritingAndReading) {
  const std::string text = dump_json(json(std::vector<Part>{{7, {0, 255}, "a", Colour::Green}}));
  const auto parts =
      read_json_text(text, [](const json& list) { return list.get<std::vector<Part>>(); });
  ASSERT_TRUE(parts) << parts.error().message;
  EXPECT_EQ(parts->front().bytes, (std::vector<uint8_t>{0, 255}));
  EXPECT_EQ(parts->front().colour, Colour::Green);
}

TEST(Json, NestingIsBounded) {
  EXPECT_TRUE(parse_json(nested(kMaxJsonDepth)));
  EXPECT_EQ(parse_json(nested(kMaxJsonDepth + 1)).error().message,
            "nested more than 100 deep at byte 101");
  EXPECT_EQ(parse_json(std::string(10'000'000, '[')).error().message,
            "nested more than 100 deep at byte 101");
  EXPECT_TRUE(parse_json("[\"" + std::string(200, '[') + "\\\"[\"]")) << "brackets in a string";
}

TEST(Json, BrokenTextIsAnErrorWithItsPlace) {
  EXPECT_EQ(parse_json("[1, 2").error().message, "not JSON: wrong at byte 6");
  EXPECT_THAT(parse_json("[1e999]").error().message, testing::HasSubstr("number overflow"));
}

TEST(Json, NumbersOutOfRangeAreNamedByPath) {
  EXPECT_EQ(error_of(R"({"parts": [{"count": 3000000000, "bytes": [], "name": "", "colour": 0}]})"),
            "`parts[0].count` is `3000000000`, expected a whole number from -2147483648 to "
            "2147483647");
  EXPECT_EQ(error_of(R"({"parts": [{"count": 1, "bytes": [0, 256], "name": "", "colour": 0}]})"),
            "`parts[0].bytes[1]` is `256`, expected a whole number from 0 to 255");
  EXPECT_EQ(error_of(R"({"parts": [{"count": 1, "bytes": [-1], "name": "", "colour": 0}]})"),
            "`parts[0].bytes[0]` is `-1`, expected a whole number from 0 to 255");
  EXPECT_EQ(error_of(R"({"parts": [{"count": 1.5, "bytes": [], "name": "", "colour": 0}]})"),
            "`parts[0].count` is `1.5`, expected a whole number from -2147483648 to 2147483647");
}

TEST(Json, AnEnumeratorThatDoesNotExistIsAnError) {
  EXPECT_EQ(error_of(R"({"parts": [{"count": 1, "bytes": [], "name": "", "colour": 2}]})"),
            "`parts[0].colour` is `2`, expected a whole number from 0 to 1");
}

TEST(Json, WrongTypesAreNamedByPathAndMissingMembersByName) {
  EXPECT_EQ(error_of(R"({"parts": [{"count": 1, "bytes": [], "name": 5, "colour": 1}]})"),
            "`parts[0].name` is `5`, expected a string");
  EXPECT_EQ(error_of(R"({"parts": [{"count": 1}]})"), "key 'bytes' not found");
}

}  // namespace
}  // namespace placewright
