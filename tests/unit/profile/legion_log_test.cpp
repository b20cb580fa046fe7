// SPDX-License-Identifier: Apache-2.0
#include "profile/legion_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "written_log.h"

namespace placewright::profile {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const kHead =
    "FileType: BinaryLegionProf v: 1010\n"
    "legion-25.12.0\n"
    "MaxDimDesc {id:8, max_dim:maxdim:4}\n"
    "Named {id:3, number:unsigned long long:8, name:string:-1, flag:bool:1}\n"
    "Box {id:4, rem:array:8, after:unsigned:4}\n"
    "Point {id:5, rem:point:8, after:unsigned:4}\n"
    "Uuid {id:6, uuid_size:uuid_size:4, uuid:uuid:1, after:unsigned:4}\n"
    "\n";

struct Seen {
  std::vector<std::string> texts;
  std::vector<uint64_t> numbers;
  RecordHandlers handlers;
  Seen() {
    handlers["Named"] = [this](const Record& record) {
      texts.emplace_back(record.text("name"));
      numbers.push_back(record.number("number"));
      numbers.push_back(record.number("flag"));
      numbers.push_back(record.number("no such field"));
    };
    for (const char* kind : {"Box", "Point", "Uuid"}) {
      handlers[kind] = [this](const Record& record) { numbers.push_back(record.number("after")); };
    }
  }
};

WrittenLog& put_records(WrittenLog& log) {
  log.put(uint32_t{8}).put(uint32_t{2});
  log.put(uint32_t{3}).put(uint64_t{1} << 63).put_text("a name").put(uint8_t{1});
  log.put(uint32_t{4}).put(uint64_t{0}).put(uint64_t{0}).put(uint64_t{0}).put(uint64_t{0});
  log.put(uint32_t{71});
  log.put(uint32_t{5}).put(uint64_t{0}).put(uint64_t{0}).put(uint32_t{72});
  log.put(uint32_t{6}).put(uint32_t{3}).put_text("ab").put(uint32_t{73});
  return log;
}

TEST(LegionLog, ReadsRecordsAsTheyAreDescribed) {
  WrittenLog log(kHead);
  Seen seen;
  const auto facts = read_log(put_records(log).write(), seen.handlers);
  ASSERT_TRUE(facts.has_value()) << facts.error().message;
  EXPECT_EQ(facts->runtime, "legion-25.12.0");
  EXPECT_EQ(facts->records, 5U);
  EXPECT_FALSE(facts->truncated);
  EXPECT_THAT(seen.texts, ElementsAre("a name"));
  EXPECT_THAT(seen.numbers, ElementsAre(uint64_t{1} << 63, 1, 0, 71, 72, 73));
}

TEST(LegionLog, ReadsCompressedLogs) {
  WrittenLog plain(kHead);
  put_records(plain).write();
  std::ifstream file(plain.path(), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  WrittenLog packed("");
  gzFile out = gzopen(packed.path().c_str(), "wb");
  ASSERT_EQ(gzwrite(out, text.data(), static_cast<unsigned>(text.size())),
            static_cast<int>(text.size()));
  gzclose(out);
  Seen seen;
  const auto facts = read_log(packed.path(), seen.handlers);
  ASSERT_TRUE(facts.has_value()) << facts.error().message;
  EXPECT_EQ(facts->bytes, text.size());
}

TEST(LegionLog, KeepsWhatStandsBeforeABrokenEnd) {
  for (size_t dropped = 1; dropped <= 10; ++dropped) {
    WrittenLog log(kHead);
    Seen seen;
    const auto facts = read_log(put_records(log).write(dropped), seen.handlers);
    ASSERT_TRUE(facts.has_value()) << facts.error().message;
    EXPECT_TRUE(facts->truncated);
    EXPECT_EQ(facts->records, 4U);
  }
}

TEST(LegionLog, RefusesOtherFiles) {
  const auto message = [](const std::string& text) {
    WrittenLog log(text);
    const auto facts = read_log(log.write(), {});
    return facts.has_value() ? std::string() : facts.error().message;
  };
  EXPECT_THAT(message(""), HasSubstr("is not a binary profile of Legion"));
  EXPECT_THAT(message("FileType: AsciiLegionProf v: 1.0\n\n"), HasSubstr("not a binary profile"));
  EXPECT_THAT(message(std::string(kHead).substr(0, 90)), HasSubstr("not a binary profile"));
  EXPECT_THAT(message("FileType: BinaryLegionProf v: 1\nx\nOdd {number:8}\n\n"),
              HasSubstr("cannot be understood: `Odd {number:8}`"));
  EXPECT_THAT(message("FileType: BinaryLegionProf v: 1\nx\nOdd {id:1, a:unsigned:9}\n\n"),
              HasSubstr("cannot be understood"));
  WrittenLog unknown(kHead);
  const auto facts = read_log(unknown.put(uint32_t{99}).write(), {});
  ASSERT_FALSE(facts.has_value());
  EXPECT_THAT(facts.error().message, HasSubstr("a record of kind 99"));
  EXPECT_THAT(read_log("/no/such/log", {}).error().message, HasSubstr("cannot read"));
}

}  // namespace
}  // namespace placewright::profile
