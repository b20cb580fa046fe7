// SPDX-License-Identifier: Apache-2.0
// A whole search of an application that never runs, by an optimizer whose model says what it was
// told to say.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "agent/optimizers/optimizers.h"
#include "circuit_workload.h"
#include "llm/scripted_model.h"
#include "scripted_evaluator.h"
#include "tune/tuner.h"

namespace placewright::agent {

class SearchTest : public testing::Test {
 protected:
  SearchTest() {
    std::string name =
        (std::filesystem::temp_directory_path() / "placewright-agent-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    search_.name = "circuit";
    search_.command = {"circuit"};
    search_.machine = "machine.toml";
    search_.budget_s = 100000;
  }
  ~SearchTest() override { std::filesystem::remove_all(folder_); }

  std::string study() const { return folder_ + "/study.db"; }
  tune::StudyStore created() {
    auto store = tune::StudyStore::create(study(), tune::identity(search_));
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }
  tune::StudyStore reopened() {
    auto store = tune::StudyStore::open(study());
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }

  /// With the named optimizer, or `make` if it is set.
  Result<tune::Report> search(const std::string& optimizer,
                              std::shared_ptr<llm::LanguageModel> model,
                              tune::StudyStore& store) {
    const auto progress = tune::make_silent_progress();
    const tune::StrategyMaker maker =
        make ? make
             : [&](const tune::SearchSpace& space,
                   uint64_t seed) -> Result<std::unique_ptr<tune::Strategy>> {
      auto made =
          make_optimizer(optimizer, {space, model, PromptLibrary(), settings_, seed,
                                     [this](const std::string& text) { notes_.push_back(text); }});
      if (!made) return tl::unexpected(made.error());
      return std::unique_ptr<tune::Strategy>(std::move(*made));
    };
    return tune::Tuner({search_, *evaluator_, store, clock_, *progress, maker, {}}).run();
  }

  /// The mappings that were evaluated, baselines left out.
  static std::vector<tune::Evaluation> candidates(const tune::StudyStore& store) {
    auto all = store.evaluations();
    EXPECT_TRUE(all);
    std::erase_if(*all, [](const tune::Evaluation& each) { return each.origin == "default"; });
    return *all;
  }

  static double best_seconds(const tune::Report& report) {
    for (const tune::ReportRow& row : report.rows)
      if (row.name == "best") return row.samples.front();
    return 0;
  }

  std::string folder_;
  tune::Settings search_;
  AgentSettings settings_;
  tune::FakeClock clock_;
  std::unique_ptr<tune::ScriptedEvaluator> evaluator_ = std::make_unique<tune::ScriptedEvaluator>(
      tune::circuit_workload(), clock_, tune::shared_together);
  tune::StrategyMaker make;
  std::vector<std::string> notes_;
};

/// Of any call the same.
inline std::shared_ptr<llm::ScriptedModel> always(std::string text) {
  return std::make_shared<llm::ScriptedModel>(
      [text = std::move(text)](const llm::Request&, int) {
        return llm::ScriptedModel::says(text);
      });
}

inline std::shared_ptr<llm::ScriptedModel> in_turn(std::vector<std::string> texts) {
  std::vector<llm::Completion> script;
  for (std::string& text : texts) script.push_back(llm::ScriptedModel::says(std::move(text)));
  return std::make_shared<llm::ScriptedModel>(std::move(script));
}

/// What the model was told in its n-th call, all messages one after the other.
inline std::string told(const llm::ScriptedModel& model, size_t call) {
  const auto requests = model.requests();
  std::string text;
  EXPECT_LT(call, requests.size());
  if (call >= requests.size()) return text;
  for (const llm::Message& message : requests[call].messages) text += message.text + "\n";
  return text;
}

}  // namespace placewright::agent
