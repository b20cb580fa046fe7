// SPDX-License-Identifier: Apache-2.0
#include "explain/finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "support/source.h"

namespace placewright::explain {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

Finding finding(FindingKind kind, double weight, std::string what) {
  Finding result;
  result.kind = kind;
  result.weight = weight;
  result.what = std::move(what);
  return result;
}

TEST(Finding, EveryKindHasAWordOfItsOwn) {
  std::set<std::string_view> words;
  for (int k = 0; k < kFindingKindCount; ++k) {
    const auto kind = static_cast<FindingKind>(k);
    words.insert(to_string(kind));
    EXPECT_EQ(parse_finding_kind(to_string(kind)), kind);
    EXPECT_EQ(to_string(kind).find_first_not_of("abcdefghijklmnopqrstuvwxyz-"),
              std::string_view::npos);
  }
  EXPECT_THAT(words, SizeIs(kFindingKindCount));
  EXPECT_EQ(parse_finding_kind("no-such-kind"), std::nullopt);
}

TEST(Finding, TheDocumentHasOneSectionPerKind) {
  const auto file = SourceFile::read(PLACEWRIGHT_FINDINGS_DOCUMENT);
  ASSERT_TRUE(file.has_value());
  std::vector<std::string> sections, words;
  for (int line = 1; line <= file->line_count(); ++line) {
    const std::string text(file->line(line));
    if (text.starts_with("### `")) sections.push_back(text.substr(5, text.size() - 6));
  }
  for (int k = 0; k < kFindingKindCount; ++k)
    words.emplace_back(to_string(static_cast<FindingKind>(k)));
  EXPECT_EQ(sections, words);
}

TEST(Finding, ArrangesByWeightThenKindThenText) {
  const auto result =
      arranged({finding(FindingKind::DeadRule, 0, "b"), finding(FindingKind::DeadRule, 0, "a"),
                finding(FindingKind::CostlyCopies, 0.5, "c"),
                finding(FindingKind::Imbalance, 0.5, "d"), finding(FindingKind::Crash, 1, "e")});
  std::vector<std::string> texts;
  for (const Finding& each : result) texts.push_back(each.what);
  EXPECT_THAT(texts, ElementsAre("e", "d", "c", "a", "b"));
}

TEST(Finding, WhatAMappingCanChangeComesBeforeWhatItCannot) {
  Finding idle = finding(FindingKind::IdleProcessors, 0.3, "idle, with a map that uses them");
  idle.edits.push_back({"place `step` in blocks", "IndexTaskMap step block_gpu;\n"});
  const auto result = arranged({finding(FindingKind::Straggler, 0.9, "straggler"),
                                finding(FindingKind::MappingOverhead, 0.8, "overhead"), idle,
                                finding(FindingKind::IdleProcessors, 0.7, "idle"),
                                finding(FindingKind::CostlyCopies, 0.02, "copies"),
                                finding(FindingKind::DeadRule, 0, "dead"),
                                finding(FindingKind::Timeout, 1, "timeout")});
  std::vector<std::string> texts;
  for (const Finding& each : result) texts.push_back(each.what);
  EXPECT_THAT(texts, ElementsAre("timeout", "idle, with a map that uses them", "copies",
                                 "straggler", "overhead", "idle", "dead"));
}

TEST(Finding, KeepsOneOfSeveralThatSayTheSame) {
  Finding other_line = finding(FindingKind::DeadRule, 0, "a");
  other_line.lines = {{3, "x"}};
  EXPECT_THAT(arranged({finding(FindingKind::DeadRule, 0, "a"),
                        finding(FindingKind::DeadRule, 0, "a"), other_line}),
              SizeIs(2));
}

TEST(Finding, TextsOfTheProgramLoseControlAndInvisibleCharacters) {
  EXPECT_EQ(as_data("step"), "`step`");
  EXPECT_EQ(as_data("a`b\x1b[31mc\nd\te\x7f"), "`a'b[31mc d e`");
  // A right-to-left override, a zero-width space, a C1 control, a tag character.
  EXPECT_EQ(as_data("a\xe2\x80\xae"
                    "b\xe2\x80\x8b"
                    "c\xc2\x85"
                    "d\xf3\xa0\x81\x81"),
            "`abcd`");
  EXPECT_EQ(as_data("gr\xc3\xb6\xc3\x9f"
                    "e"),
            "`gr\xc3\xb6\xc3\x9f"
            "e`");
  EXPECT_EQ(as_data("broken \xff\xc3"), "`broken ??`");
}

TEST(Finding, LongTextsEndWithDotsAndNotInsideACharacter) {
  EXPECT_EQ(harmless("abcdef", 3), "abc...");
  EXPECT_EQ(harmless("ab\xc3\xb6", 3), "ab...");
  EXPECT_EQ(harmless("abc", 3), "abc");
}

}  // namespace
}  // namespace placewright::explain
