// SPDX-License-Identifier: Apache-2.0
#include "llm/extract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placewright::llm {
namespace {

using nlohmann::json;

json extracted(std::string_view text) { return extract_json(text).value_or(json("nothing")); }

TEST(ExtractJson, TakesAPlainObject) {
  EXPECT_EQ(extracted(R"({"a": 1, "b": [true, null, -2.5e3]})"),
            json::parse(R"({"a": 1, "b": [true, null, -2500.0]})"));
}

TEST(ExtractJson, FindsTheObjectBetweenProse) {
  EXPECT_EQ(extracted("It's {obviously} this: {\"a\": \"x}\"}. Good luck [1]!")["a"], "x}");
}

TEST(ExtractJson, FindsTheObjectInAFence) {
  EXPECT_EQ(extracted("Sure!\n```json\n{\"a\": 1}\n```\n")["a"], 1);
}

TEST(ExtractJson, PrefersTheLargestAndThenTheLast) {
  EXPECT_EQ(extracted(R"(e.g. {"a":1} so {"a":2,"b":3} not {"a":4})")["b"], 3);
  EXPECT_EQ(extracted(R"({"a":1} or {"a":2})")["a"], 2);
}

TEST(ExtractJson, TakesAnArrayOfObjectsAsAWhole) {
  EXPECT_EQ(extracted(R"(Here: [{"a":1}, {"a":2}])").size(), 2U);
}

TEST(ExtractJson, AcceptsTrailingCommas) {
  EXPECT_EQ(extracted(R"({"a": [1, 2, ], })"), json::parse(R"({"a": [1, 2]})"));
}

TEST(ExtractJson, AcceptsPythonLiteralsAndQuotes) {
  EXPECT_EQ(extracted("{'a': True, 'b': False, 'c': None, 'd': 'it\\'s'}"),
            json::parse(R"({"a": true, "b": false, "c": null, "d": "it's"})"));
}

TEST(ExtractJson, AcceptsLineBreaksInStringsAndBareNames) {
  EXPECT_EQ(extracted("{answer: \"Task * GPU;\nRegion * * GPU FBMEM;\"}")["answer"],
            "Task * GPU;\nRegion * * GPU FBMEM;");
}

TEST(ExtractJson, AcceptsComments) {
  EXPECT_EQ(extracted("{\"a\": 1, // one\n /* two */ \"b\": 2}")["b"], 2);
}

TEST(ExtractJson, KeepsBackslashesThatAreNotEscapes) {
  EXPECT_EQ(extracted(R"({"a": "\d+\n"})")["a"], "\\d+\n");
}

TEST(ExtractJson, ReadsSurrogatePairs) {
  EXPECT_EQ(extracted(R"({"a": "\ud83d\ude00\u00e9"})")["a"], "\xF0\x9F\x98\x80\xC3\xA9");
}

TEST(ExtractJson, ReplacesInvalidUtf8) {
  const json found = extracted("{\"a\": \"\xFF \\ud83d\"}");
  EXPECT_NO_THROW((void)found.dump());
  EXPECT_THAT(found["a"].get<std::string>(), testing::StartsWith("\xEF\xBF\xBD"));
}

TEST(ExtractJson, DoesNotCompleteAnAnswerThatBreaksOff) {
  EXPECT_FALSE(extract_json(R"({"mapping": "Task * GPU;)"));
  EXPECT_FALSE(extract_json("no braces at all"));
  EXPECT_FALSE(extract_json(""));
}

TEST(ExtractJson, TakesTheInnerObjectOfAListThatBreaksOff) {
  EXPECT_EQ(extracted(R"([{"a": 1}, {"a")")["a"], 1);
}

TEST(ExtractJson, ReadsOnlyTheInnerLevelsOfDeepNesting) {
  const auto found = extract_json(std::string(100, '[') + std::string(100, ']'));
  ASSERT_TRUE(found);
  // 65 levels: the outermost and 64 below it.
  EXPECT_EQ(found->dump(), std::string(65, '[') + std::string(65, ']'));
  EXPECT_FALSE(extract_json(std::string(100'000, '[') + std::string(100'000, ']')));
}

TEST(ExtractJson, IsLinearForMillionsOfBraces) {
  // 256 beginnings of at most 64 levels each: without the bounds this would take hours.
  EXPECT_FALSE(extract_json(std::string(4'000'000, '{')));
  std::string quotes;
  for (int i = 0; i < 100'000; ++i) quotes += "{\"a\":\"";
  EXPECT_FALSE(extract_json(quotes));
}

TEST(ExtractCodeBlock, DropsFenceAndLanguage) {
  EXPECT_EQ(extract_code_block("Here:\n```mapping\nTask * GPU;\n```\nDone."), "Task * GPU;\n");
}

TEST(ExtractCodeBlock, TakesTheLargest) {
  EXPECT_EQ(extract_code_block("```\na\n```\n~~~\nlonger\n~~~\n```\nb\n```\n"), "longer\n");
}

TEST(ExtractCodeBlock, LongerFencesHoldShorterOnes) {
  EXPECT_EQ(extract_code_block("````\n```\nx\n```\n````\n"), "```\nx\n```\n");
}

TEST(ExtractCodeBlock, TakesAnUnclosedBlockOnlyWithoutAWholeOne) {
  EXPECT_EQ(extract_code_block("```\nTask * G"), "Task * G");
  EXPECT_EQ(extract_code_block("```\na\n```\n```\nmuch longer but half"), "a\n");
}

TEST(ExtractCodeBlock, FindsNothingWithoutAFence) {
  EXPECT_FALSE(extract_code_block("Use `GPU` and ``FBMEM``."));
  EXPECT_FALSE(extract_code_block("```inline``` text"));
}

}  // namespace
}  // namespace placewright::llm
