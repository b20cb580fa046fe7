// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_study.h"

#include <fmt/core.h>

#include <charconv>

#include "cli/study_files.h"
#include "explain/explain.h"
#include "explain/observe.h"
#include "support/files.h"
#include "support/json.h"
#include "support/temporary_folder.h"
#include "support/terminal.h"
#include "support/try.h"
#include "tune/settings.h"
#include "tune/study_store.h"

namespace placewright::cli {
namespace {

using tune::Evaluation;
using tune::StudyFacts;

constexpr int kMostProcesses = 1024;  // as for --processes

Result<std::string> fact(const StudyFacts& facts, const std::string& key) {
  const auto found = facts.find(key);
  if (found != facts.end()) return found->second;
  return fail(fmt::format("the study is damaged: it does not tell its {}", key));
}

template <class Number>
Result<Number> number(const StudyFacts& facts, const std::string& key) {
  PLACEWRIGHT_TRY(const std::string text, fact(facts, key));
  Number value{};
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec == std::errc() && read.ptr == end) return value;
  return fail(fmt::format("the study is damaged: its {} is not a number", key));
}

Result<std::vector<std::string>> command_of(const StudyFacts& facts, const Evaluation& evaluation) {
  const bool other_program = evaluation.origin == tune::Origin::HandWritten;
  PLACEWRIGHT_TRY(const std::string text,
                  fact(facts, other_program ? "handwritten_command" : "command"));
  auto words = read_json_text(
      text, [](const nlohmann::json& list) { return list.get<std::vector<std::string>>(); });
  if (!words || words->empty())
    return fail("the study is damaged: its command is not a list of words");
  return std::move(*words);
}

/// The request that repeats an evaluation. The facts are those of tune::identity().
Result<launch::RunRequest> request_of(const StudyFacts& facts, const Evaluation& evaluation,
                                      const std::string& mapping_file,
                                      const launch::RunRequest& base) {
  launch::RunRequest request = base;
  PLACEWRIGHT_TRY(request.argv, command_of(facts, evaluation));
  PLACEWRIGHT_TRY(const std::string machine, fact(facts, "machine"));
  if (!machine.empty()) request.machine = machine;
  PLACEWRIGHT_TRY(request.time_scale, number<double>(facts, "time_scale"));
  PLACEWRIGHT_TRY(const std::string runtime_cost, fact(facts, "runtime_cost"));
  request.runtime_cost = runtime_cost == "model";
  PLACEWRIGHT_TRY(request.processes, number<int>(facts, "processes"));
  if (request.processes < 1 || request.processes > kMostProcesses)
    return fail("the study is damaged: its number of processes is not possible");
  if (!evaluation.mapping.empty()) request.mapping = mapping_file;
  return request;
}

/// Why nothing is run without being asked for.
Result<StudyFindings> needs_run(const StudyFacts& facts, const Evaluation& evaluation) {
  PLACEWRIGHT_TRY(const auto command, command_of(facts, evaluation));
  // JSON shows every character of a word without sending it to the terminal.
  const std::string words = nlohmann::json(command).dump(-1, ' ', /*ensure_ascii=*/true,
                                                         nlohmann::json::error_handler_t::replace);
  return fail(fmt::format("the study holds no findings of evaluation {}, and to find them its "
                          "command would run: {}",
                          evaluation.id, words),
              "add `--run` if you trust the study: the command has your permissions");
}

Result<std::vector<explain::Finding>> find_out(const StudyFacts& facts,
                                               const Evaluation& evaluation,
                                               const launch::RunRequest& base) {
  PLACEWRIGHT_TRY(const auto folder, TemporaryFolder::make());
  const std::string mapping_file = folder.path() + "/study.mapping";
  PLACEWRIGHT_TRY_VOID(write_file(mapping_file, evaluation.mapping));
  PLACEWRIGHT_TRY(const auto request, request_of(facts, evaluation, mapping_file, base));
  PLACEWRIGHT_TRY(const auto observed, explain::observe(request));
  print_text(stderr, "{}", observed.notes);
  return explain::explain(observed.run);
}

}  // namespace

Result<StudyFindings> explain_study(const std::string& path, int64_t id,
                                    const launch::RunRequest* base) {
  PLACEWRIGHT_TRY(const auto store, open_study(path));
  PLACEWRIGHT_TRY(auto evaluation, find_evaluation(store, id));
  PLACEWRIGHT_TRY(auto known, store.findings());
  PLACEWRIGHT_TRY(const auto facts, store.facts());
  const tune::Metric metric = tune::metric_of(facts);
  if (const auto found = known.find(evaluation.id); found != known.end())
    return StudyFindings{std::move(evaluation), std::move(found->second), metric};
  if (base == nullptr) return needs_run(facts, evaluation);
  PLACEWRIGHT_TRY(auto findings, find_out(facts, evaluation, *base));
  return StudyFindings{std::move(evaluation), std::move(findings), metric};
}

}  // namespace placewright::cli
