// SPDX-License-Identifier: Apache-2.0
#include "machine/access_file.h"

#include <gmock/gmock.h>

namespace placewright::machine {
namespace {

using testing::HasSubstr;

constexpr std::string_view kWhole = R"([gpu.zero_copy]
stream_read = {unit = "GB/s", source = "s", points = [{footprint = "4KiB", value = 60}, {footprint = "256MiB", value = 50, min = 40, max = 55}]}
stream_write = {unit = "MB/s", source = "s", points = [{footprint = "1GiB", value = 50000}]}
irregular = {unit = "Gaccesses/s", source = "s", points = [{footprint = "1GiB", value = 0.7}]}
atomic = {unit = "Maccesses/s", source = "s", points = [{footprint = "1GiB", value = 400}]}
hot_line = {value = 1, min = 0.5, max = 2, unit = "us", source = "s"}
)";

Result<std::map<std::string, AccessTable>> read(std::string text) {
  return read_access_tables(toml::parse(text), "m.toml");
}

/// The message for the whole text with `from` replaced.
std::string error_with(std::string_view from, std::string_view to) {
  std::string text(kWhole);
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  const auto tables = read(text);
  return tables ? "accepted" : tables.error().message;
}

TEST(AccessTables, AreReadInBasicUnits) {
  const auto tables = read(std::string(kWhole));
  ASSERT_TRUE(tables) << tables.error().message;
  const AccessTable& table = tables->at("gpu.zero_copy");
  const std::vector<AccessPoint>& reads = table.curves.at("stream_read").points;
  ASSERT_EQ(reads.size(), 2U);
  EXPECT_EQ(reads[0].footprint, 4096);
  EXPECT_EQ(reads[0].value, 60e9);
  EXPECT_EQ(reads[1].min, 40e9);
  EXPECT_EQ(reads[1].max, 55e9);
  EXPECT_EQ(table.curves.at("stream_write").points[0].value, 50e9);
  EXPECT_EQ(table.curves.at("atomic").points[0].value, 400e6);
  EXPECT_DOUBLE_EQ(table.hot_line.value, 1e-6);
}

TEST(AccessTables, NeedEveryPatternOfAMemory) {
  EXPECT_EQ(error_with("atomic", "#"),
            "m.toml:1: `access.gpu.zero_copy` has no `atomic`; expected all of stream_read, "
            "stream_write, irregular, atomic");
}

TEST(AccessTables, WhatOneLineCostsMayBeKnownWithoutRates) {
  const auto tables = read_access_tables(
      toml::parse("[gpu.zero_copy]\nhot_line = {value = 1, unit = \"us\", source = \"s\"}"),
      "m.toml");
  ASSERT_TRUE(tables) << tables.error().message;
  EXPECT_TRUE(tables->at("gpu.zero_copy").curves.empty());
  EXPECT_DOUBLE_EQ(tables->at("gpu.zero_copy").hot_line.value, 1e-6);
  EXPECT_FALSE(read_access_tables(toml::parse("[gpu.zero_copy]"), "m.toml"));
}

TEST(AccessTables, UnknownNamesAreRefused) {
  EXPECT_THAT(error_with("[gpu.zero_copy]", "[gpu.tape]"),
              HasSubstr("`access.gpu.tape` is not known; expected gpu.frame_buffer"));
  EXPECT_THAT(error_with("atomic", "atomics"),
              HasSubstr("`access.gpu.zero_copy` has an unknown part `atomics`"));
  EXPECT_THAT(error_with("unit = \"GB/s\"", "unit = \"Gaccesses/s\""),
              HasSubstr("stream_read` has the unit `Gaccesses/s`; expected"));
}

TEST(AccessTables, FootprintsAscendFromAboveZero) {
  EXPECT_THAT(error_with("\"4KiB\"", "\"0B\""),
              HasSubstr("m.toml:2: `access.gpu.zero_copy.stream_read` has the footprint `0B`"));
  EXPECT_THAT(error_with("\"4KiB\"", "\"512MiB\""), HasSubstr("footprints that do not ascend"));
  EXPECT_THAT(error_with("\"4KiB\"", "4096"), HasSubstr("has the footprint ``"));
}

TEST(AccessTables, RatesThatRiseAndFallAreRefused) {
  EXPECT_THAT(error_with("{footprint = \"4KiB\", value = 60}",
                         "{footprint = \"4KiB\", value = 40}, {footprint = \"1MiB\", value = 60}"),
              HasSubstr("has rates that rise and fall with the footprint"));
  EXPECT_EQ(error_with("value = 60", "value = 45"), "accepted");
}

TEST(AccessTables, RatesWithoutSourceOrOutsideTheirRangeAreRefused) {
  EXPECT_THAT(error_with("unit = \"MB/s\", source = \"s\"", "unit = \"MB/s\""),
              HasSubstr("stream_write` has no `source`"));
  EXPECT_THAT(error_with("min = 40", "min = 51"), HasSubstr("outside of its own range"));
  EXPECT_THAT(error_with("value = 400}", "value = -1}"), HasSubstr("has the rate -1e+06/s"));
  EXPECT_THAT(error_with("points = [{footprint = \"1GiB\", value = 400}]", "points = []"),
              HasSubstr("should be a table with a list of `points`"));
}

TEST(AccessTables, HotLineIsATime) {
  EXPECT_THAT(error_with("unit = \"us\"", "unit = \"s\""), HasSubstr("expected ns or us"));
  EXPECT_THAT(error_with("value = 1, min = 0.5", "value = 1, min = -1"),
              HasSubstr("expected 0 to"));
}

}  // namespace
}  // namespace placewright::machine
