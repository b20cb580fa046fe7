// SPDX-License-Identifier: Apache-2.0
#include "tune/study_export.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "support/json.h"
#include "tune/settings.h"

namespace placewright::tune {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class StudyExportTest : public testing::Test {
 protected:
  StudyExportTest() {
    std::string name =
        (std::filesystem::temp_directory_path() / "placewright-export-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    settings_.command = {"circuit"};
  }
  ~StudyExportTest() override { std::filesystem::remove_all(folder_); }

  StudyStore created() const {
    auto store = StudyStore::create(folder_ + "/study.db", identity(settings_));
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }

  static Evaluation evaluation(std::vector<double> samples) {
    Evaluation result;
    result.strategy = "descent";
    result.move = "say \"a, b\"";
    result.mapping = "Task * CPU;\n";
    result.samples = std::move(samples);
    result.median = result.samples.front();
    return result;
  }

  template <class Export>
  static std::string text(const StudyStore& store, Export exported) {
    std::string all;
    const auto done = exported(store, [&](std::string_view piece) { all += piece; });
    EXPECT_TRUE(done) << done.error().message;
    return all;
  }

  Settings settings_;
  std::string folder_;
};

TEST_F(StudyExportTest, ColumnsTellKindAndUnit) {
  {
    auto store = created();
    ASSERT_TRUE(store.set_fact(kUnitFact, "s"));
    EXPECT_THAT(text(store, export_csv),
                StartsWith("part,id,origin,status,measured_median_s,measured_low_s"));
  }
  settings_.machine = "p100x4.toml";
  settings_.metric.unit = "GFLOP/s";
  EXPECT_THAT(text(created(), export_csv), HasSubstr(",virtual_samples_GFLOP/s,"));
}

TEST_F(StudyExportTest, LineHasEverySampleAndItsEstimate) {
  auto store = created();
  ASSERT_TRUE(store.add(evaluation({2, 1, 4}), {}));
  EXPECT_THAT(text(store, export_csv),
              HasSubstr("\nsearch,1,descent,ok,2,1,4,0.75,3,2,2;1;4,0,,\"say \"\"a, b\"\"\",,,,0,,"
                        "\"Task * CPU;\n\",,,,\n"));
}

TEST_F(StudyExportTest, StepsAndWholeRunsShareNoColumn) {
  auto store = created();
  ASSERT_TRUE(store.set_fact(kUnitFact, "s"));
  ASSERT_TRUE(store.set_fact(kMeasuredFact, kSteps));
  ASSERT_TRUE(store.add(evaluation({2}), {}));
  ASSERT_TRUE(store.set_final("default", {4}));
  const std::string csv = text(store, export_csv);
  EXPECT_THAT(csv, HasSubstr("measured_samples_s/step,"));
  EXPECT_THAT(csv, HasSubstr(",measured_closing_high_s,measured_closing_samples_s\n"));
  EXPECT_THAT(csv, HasSubstr("\nclosing,,default,ok,,,,0,1,,,,,,,,,,,,4,4,4,4\n"));
  const auto json = parse_json(text(store, export_json));
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ((*json)["unit"], "s/step");
  EXPECT_EQ((*json)["closing_unit"], "s");
}

TEST_F(StudyExportTest, JsonHasTheSettingsWithoutTheWorkloadAndTheClosingComparison) {
  auto store = created();
  Evaluation failed = evaluation({3});
  failed.status = Status::OutOfMemory;
  failed.memory = machine::MemoryKind::FbMem;
  failed.message = "no \xff room";
  failed.samples.clear();
  failed.median.reset();
  ASSERT_TRUE(store.add(failed, {}));
  ASSERT_TRUE(store.set_fact(kWorkloadFact, "long"));
  ASSERT_TRUE(store.set_final("default", {2, 4}));
  ASSERT_TRUE(store.set_final("best", {1, 2}));
  const auto json = parse_json(text(store, export_json));
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ((*json)["kind"], "measured");
  EXPECT_EQ((*json)["settings"]["command"], "[\"circuit\"]");
  EXPECT_FALSE((*json)["settings"].contains(kWorkloadFact));
  const auto& first = (*json)["evaluations"][0];
  EXPECT_EQ(first["status"], "out-of-memory");
  EXPECT_EQ(first["memory"], "FBMEM");
  EXPECT_TRUE(first["estimate"].is_null());
  EXPECT_EQ((*json)["closing"][0]["row"], "best");
  EXPECT_EQ((*json)["closing"][0]["ratio_to_default"]["median"], 0.5);
}

TEST_F(StudyExportTest, DamagedStudyIsRefusedBeforeAnythingIsWritten) {
  auto store = created();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(store.add(evaluation({1}), {}));
  SQLite::Database(folder_ + "/study.db", SQLite::OPEN_READWRITE)
      .exec("UPDATE sample SET value = -1 WHERE evaluation = 3");
  std::string all;
  const auto done = export_csv(store, [&](std::string_view piece) { all += piece; });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("evaluation 3"));
  EXPECT_EQ(all, "");
}

TEST_F(StudyExportTest, WritesOneEvaluationAtATime) {
  auto store = created();
  Evaluation large = evaluation({1});
  large.mapping = std::string(10000, '#');
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(store.add(large, {}));
  for (const auto exported : {export_csv, export_json}) {
    size_t longest = 0, sum = 0;
    ASSERT_TRUE(exported(store, [&](std::string_view piece) {
      longest = std::max(longest, piece.size());
      sum += piece.size();
    }));
    EXPECT_GT(sum, 2000000u);
    EXPECT_LT(longest, 12000u);
  }
}

}  // namespace
}  // namespace placewright::tune
