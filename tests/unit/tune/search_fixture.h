// SPDX-License-Identifier: Apache-2.0
// A whole search of an application that never runs, for tests of strategies.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "circuit_workload.h"
#include "scripted_evaluator.h"
#include "tune/tuner.h"

namespace placewright::tune {

class SearchTest : public testing::Test {
 protected:
  SearchTest() {
    std::string name =
        (std::filesystem::temp_directory_path() / "placewright-search-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    search_.name = "circuit";
    search_.command = {"circuit"};
    search_.machine = "machine.toml";
    search_.budget_s = 100000;
  }
  ~SearchTest() override { std::filesystem::remove_all(folder_); }

  std::string study() const { return folder_ + "/study.db"; }
  StudyStore created() {
    auto store = StudyStore::create(study(), identity(search_));
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }
  StudyStore reopened() {
    auto store = StudyStore::open(study());
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }

  Result<Report> search(StudyStore& store) {
    const auto progress = make_silent_progress();
    Budget budget(clock_, search_.budget_s);
    return run_search({search_, *evaluator_, store, budget, *progress, make, {}});
  }

  /// The mappings that were evaluated, baselines left out.
  static std::vector<Evaluation> candidates(const StudyStore& store) {
    auto all = store.evaluations();
    EXPECT_TRUE(all);
    std::erase_if(*all, [](const Evaluation& each) { return each.origin == Origin::Default; });
    return *all;
  }

  static double best_seconds(const Report& report) {
    for (const ReportRow& row : report.rows)
      if (row.name == "best") return row.samples.front();
    return 0;
  }

  std::string folder_;
  Settings search_;
  FakeClock clock_;
  std::unique_ptr<ScriptedEvaluator> evaluator_ =
      std::make_unique<ScriptedEvaluator>(circuit_workload(), clock_, shared_together);
  StrategyMaker make;  ///< To be set by the derived fixture or the test.
};

}  // namespace placewright::tune
