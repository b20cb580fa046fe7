// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "experiments/validity/validity_counts.h"
#include "experiments/validity/validity_log.h"
#include "folders.h"

namespace placewright::experiments {
namespace {

using testing::HasSubstr;

const ValidityFacts kFacts = {{"machine", "box"}, {"input", "test"}};

class ValidityLogTest : public testing::Test {
 protected:
  std::string path() const { return (tree_.root() / "log.jsonl").string(); }
  std::string text() const {
    std::ifstream in(path());
    return {std::istreambuf_iterator<char>(in), {}};
  }
  Result<ValidityLog> open() const { return ValidityLog::open(path(), kFacts); }

  BuildTree tree_;
};

TEST_F(ValidityLogTest, RemembersWhatWasAdded) {
  {
    auto log = open();
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_TRUE(log->add({"first", 1, Front::AsPublished, "crash", "signal 11"}));
    EXPECT_TRUE(log->has("first", 1, Front::AsPublished));
  }
  const auto log = open();
  ASSERT_TRUE(log) << log.error().message;
  EXPECT_TRUE(log->has("first", 1, Front::AsPublished));
  EXPECT_FALSE(log->has("first", 1, Front::Checked));
  EXPECT_FALSE(log->has("first", 2, Front::AsPublished));
  EXPECT_EQ(log->trials().front().outcome, "crash");
  EXPECT_EQ(log->trials().front().message, "signal 11");
}

TEST_F(ValidityLogTest, HalfALineAtTheEndIsCutOff) {
  {
    auto log = open();
    EXPECT_TRUE(log->add({"first", 1, Front::Checked, kOk, ""}));
  }
  const std::string whole = text();
  std::ofstream(path(), std::ios::app) << "{\"application\":\"fir";
  EXPECT_EQ(open()->trials().size(), 1U);
  EXPECT_EQ(text(), whole);
}

TEST_F(ValidityLogTest, LogWithOtherFactsIsRefused) {
  EXPECT_TRUE(open());
  const auto other = ValidityLog::open(path(), {{"machine", "cube"}, {"input", "test"}});
  ASSERT_FALSE(other);
  EXPECT_THAT(other.error().message, HasSubstr("another machine: `box`, now `cube`"));
}

TEST_F(ValidityLogTest, FilesOfAnotherKindAreRefusedAndLeftAlone) {
  write(path(), "{\"some\":\"thing\"}\n");
  EXPECT_THAT(open().error().message, HasSubstr("not a file of a random-validity experiment"));
  EXPECT_EQ(text(), "{\"some\":\"thing\"}\n");
}

TEST_F(ValidityLogTest, UnfinishedTextOfAnotherKindIsLeftAlone) {
  for (const char* notes : {"my notes, no newline", "my notes\nunfinished"}) {
    write(path(), notes);
    EXPECT_THAT(open().error().message, HasSubstr("not a file of a random-validity experiment"));
    EXPECT_EQ(text(), notes);
  }
}

TEST_F(ValidityLogTest, HalfAFirstLineIsWrittenAgain) {
  EXPECT_TRUE(open());
  const std::string whole = text();
  write(path(), whole.substr(0, whole.size() / 2));
  EXPECT_TRUE(open());
  EXPECT_EQ(text(), whole);
}

TEST_F(ValidityLogTest, HeadersOfWrongTypesAreRefused) {
  write(path(), "{\"format\":3}\n");
  EXPECT_THAT(open().error().message, HasSubstr("not a file of a random-validity experiment"));
  write(path(), "{\"format\":\"placewright-random-validity\",\"facts\":3}\n");
  EXPECT_THAT(open().error().message, HasSubstr("another input: ``, now `test`"));
}

TEST_F(ValidityLogTest, OnlyRegularFilesAreRead) {
  for (const std::string special : {"/dev/full", "/dev/zero"}) {
    EXPECT_THAT(ValidityLog::open(special, kFacts).error().message,
                HasSubstr("not a regular file"));
  }
}

TEST_F(ValidityLogTest, LogThatIsOpenElsewhereIsRefused) {
  const auto first = open();
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_THAT(open().error().message, HasSubstr("another process"));
}

TEST_F(ValidityLogTest, LineThatIsNotATrialIsNamed) {
  EXPECT_TRUE(open());
  const std::string header = text();
  const auto trial = [](const char* seed) {
    return std::string(
               R"({"application":"a","front":"checked","outcome":"ok","message":"","seed":)") +
           seed + "}\n";
  };
  write(path(), header + "{\"seed\":1}\n");
  EXPECT_THAT(open().error().message, HasSubstr("line 2 of"));
  for (const char* seed : {"0", "-7", "1.7", "4294967297", "\"1\""}) {
    write(path(), header + trial("1") + trial(seed));
    EXPECT_THAT(open().error().message, HasSubstr("is not a trial")) << seed;
  }
  write(path(), header + trial("1") + trial("2") + trial("1"));
  EXPECT_THAT(open().error().message, HasSubstr("line 4 of"));
  write(path(), header + trial("1") + trial("2"));
  EXPECT_EQ(open()->trials().size(), 2U);
}

TEST_F(ValidityLogTest, LogInAMissingFolderIsRefused) {
  EXPECT_THAT(ValidityLog::open("no/such/log.jsonl", kFacts).error().message,
              HasSubstr("cannot write"));
}

TEST(ValidityTable, CountsByOutcomeAndApplication) {
  ValidityResult result;
  result.applications = {"first", "second"};
  result.seeds = 2;
  const auto add = [&](const char* name, int seed, Front front, const char* outcome) {
    result.trials.push_back({name, seed, front, outcome, ""});
  };
  for (const Front front : {Front::AsPublished, Front::Checked}) add("first", 1, front, kOk);
  add("first", 2, Front::AsPublished, "timeout");
  add("second", 1, Front::AsPublished, "timeout");
  add("second", 2, Front::AsPublished, "out-of-memory (FBMEM)");
  add("second", 3, Front::AsPublished, kOk);
  add("second", 3, Front::Checked, "rejected (no-variant)");
  add("first", 2, Front::Checked, kRejected);
  add("second", 1, Front::Checked, kRejected);
  add("second", 2, Front::Checked, "wrong-result");
  EXPECT_EQ(render(result),
            "random mappings under the rules of the published system\n"
            "                          first    second     all\n"
            "drawn                         2         3       5\n"
            "ok                            1         1       2\n"
            "out-of-memory (FBMEM)         0         1       1\n"
            "timeout                       1         1       2\n"
            "invalid                       1         2       3\n"
            "invalid: 3 of 5 (60.0 %, 95 % interval 23.1 to 88.2)\n"
            "published, of another system, machine, inputs and draw: 74 of 90 (82.2 %)\n"
            "\n"
            "the same mappings after checker, legality rules and memory fall-back\n"
            "                          first    second     all\n"
            "drawn                         2         3       5\n"
            "ok                            1         0       1\n"
            "rejected                      1         1       2\n"
            "rejected (no-variant)         0         1       1\n"
            "wrong-result                  0         1       1\n"
            "invalid                       1         3       4\n"
            "rejected before any run, each with a message: 3 of 5 (60.0 %, 95 % interval 23.1 to "
            "88.2)\n"
            "of them right as published, where a rule that matches nothing is ignored: 1\n"
            "failed of those that ran: 1 of 2 (50.0 %, 95 % interval 9.5 to 90.5)\n");
}

// None of 10 trials: high end z^2 / (n + z^2) = 3.8416 / 13.8416 = 0.2775. Half of 100: the middle
// is 1/2, and half the width is z / (2 sqrt(n + z^2)) = 1.96 / (2 x 10.190) = 0.0962.
TEST(WilsonInterval, AgreesWithWorkedNumbers) {
  EXPECT_NEAR(wilson_interval(0, 10).low, 0, 1e-12);
  EXPECT_NEAR(wilson_interval(0, 10).high, 0.2775, 1e-4);
  EXPECT_NEAR(wilson_interval(10, 10).low, 1 - 0.2775, 1e-4);
  EXPECT_NEAR(wilson_interval(50, 100).low, 0.5 - 0.0962, 1e-4);
  EXPECT_NEAR(wilson_interval(50, 100).high, 0.5 + 0.0962, 1e-4);
}

}  // namespace
}  // namespace placewright::experiments
