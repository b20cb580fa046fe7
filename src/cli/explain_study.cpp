// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_study.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "explain/explain.h"
#include "explain/observe.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "support/try.h"
#include "tune/study_store.h"

namespace placewright::cli {
namespace {

using tune::Evaluation;
using tune::StudyFacts;

/// StudyStore::open() with help for a reader: its own is for one who continues the study.
Result<tune::StudyStore> open_study(const std::string& path) {
  constexpr const char* kHelp = "give a file that `placewright tune` wrote, such as app.study.db";
  if (!std::filesystem::exists(path))
    return fail(fmt::format("study `{}` does not exist", path), kHelp);
  auto store = tune::StudyStore::open(path);
  if (!store && store.error().help.empty()) store.error().help = kHelp;
  return store;
}

Result<Evaluation> choose(const std::vector<Evaluation>& evaluations, int64_t id) {
  if (evaluations.empty()) return fail("the study has no evaluation yet", "resume it first");
  const auto chosen = std::ranges::find(evaluations, id, &Evaluation::id);
  if (chosen != evaluations.end()) return *chosen;
  return fail(fmt::format("the study has no evaluation {}", id),
              fmt::format("it has 1 to {}", evaluations.back().id));
}

/// The request that repeats an evaluation. The facts are those of tune::identity().
launch::RunRequest request_of(const StudyFacts& facts, const Evaluation& evaluation,
                              const std::string& mapping_file, const launch::RunRequest& base) {
  launch::RunRequest request = base;
  const bool other_program = evaluation.origin == tune::Origin::HandWritten;
  const auto words = nlohmann::json::parse(
      facts.at(other_program ? "handwritten_command" : "command"), nullptr, false);
  request.argv = words.get<std::vector<std::string>>();
  if (!facts.at("machine").empty()) request.machine = facts.at("machine");
  request.time_scale = std::strtod(facts.at("time_scale").c_str(), nullptr);
  request.processes = std::atoi(facts.at("processes").c_str());
  if (!evaluation.mapping.empty()) request.mapping = mapping_file;
  return request;
}

Result<std::vector<explain::Finding>> find_out(const StudyFacts& facts,
                                               const Evaluation& evaluation,
                                               const launch::RunRequest& base) {
  PLACEWRIGHT_TRY(const auto folder, TemporaryFolder::make());
  const std::string mapping_file = folder.path() + "/study.mapping";
  PLACEWRIGHT_TRY_VOID(write_file(mapping_file, evaluation.mapping));
  PLACEWRIGHT_TRY(const auto observed,
                  explain::observe(request_of(facts, evaluation, mapping_file, base)));
  fmt::print(stderr, "{}", observed.notes);
  return explain::explain(observed.run);
}

}  // namespace

Result<StudyFindings> explain_study(const std::string& path, int64_t id,
                                    const launch::RunRequest& base) {
  PLACEWRIGHT_TRY(const auto store, open_study(path));
  PLACEWRIGHT_TRY(const auto evaluations, store.evaluations());
  PLACEWRIGHT_TRY(auto evaluation, choose(evaluations, id));
  PLACEWRIGHT_TRY(auto known, store.findings());
  if (const auto found = known.find(evaluation.id); found != known.end())
    return StudyFindings{std::move(evaluation), std::move(found->second)};
  PLACEWRIGHT_TRY(const auto facts, store.facts());
  PLACEWRIGHT_TRY(auto findings, find_out(facts, evaluation, base));
  return StudyFindings{std::move(evaluation), std::move(findings)};
}

}  // namespace placewright::cli
