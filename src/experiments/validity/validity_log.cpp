// SPDX-License-Identifier: Apache-2.0
#include "experiments/validity/validity_log.h"

#include <fmt/format.h>

#include <optional>
#include <sstream>

#include "support/json.h"
#include "support/try.h"

namespace placewright::experiments {
namespace {

using nlohmann::json;

constexpr const char* kFormat = "placewright-random-validity";
constexpr int kVersion = 1;

json header(const ValidityFacts& facts) {
  return {{"format", kFormat}, {"version", kVersion}, {"facts", facts}};
}

std::string line_of(const json& object) { return dump_json(object) + "\n"; }

json to_json(const ValidityTrial& trial) {
  return {{"application", trial.application},
          {"seed", trial.seed},
          {"front", to_string(trial.front)},
          {"outcome", trial.outcome},
          {"message", trial.message}};
}

std::optional<ValidityTrial> read_trial(const json& object) {
  ValidityTrial trial;
  trial.application = object.at("application");
  trial.seed = object.at("seed");
  if (trial.seed < 1) return std::nullopt;
  const std::string front = object.at("front");
  trial.front = front == to_string(Front::Checked) ? Front::Checked : Front::AsPublished;
  if (front != to_string(trial.front)) return std::nullopt;
  trial.outcome = object.at("outcome");
  trial.message = object.at("message");
  return trial;
}

std::optional<ValidityTrial> trial_of(const std::string& line) {
  return read_json_text(line, read_trial).value_or(std::nullopt);
}

Result<void> not_this_log(const std::string& path) {
  return fail(fmt::format("`{}` is not a file of a random-validity experiment", path),
              "choose another file with --out");
}

/// A fact of another experiment; empty where there is none.
std::string fact_of(const json& header, const std::string& key) {
  const auto facts = header.find("facts");
  if (facts == header.end() || !facts->is_object()) return "";
  const auto fact = facts->find(key);
  return fact != facts->end() && fact->is_string() ? fact->get<std::string>() : "";
}

Result<void> check_header(const std::string& path, const std::string& line,
                          const ValidityFacts& facts) {
  const json found = parse_json(line).value_or(json());
  if (!found.is_object() || found.find("format") == found.end() || found["format"] != kFormat)
    return not_this_log(path);
  const json wanted = header(facts);
  if (found == wanted) return {};
  for (const auto& [key, value] : facts) {
    const std::string other = fact_of(found, key);
    if (other != value)
      return fail(fmt::format("experiment `{}` was started with another {}: `{}`, now `{}`", path,
                              key, other, value),
                  "continue it with the same settings, or start a new one with --out");
  }
  return fail(fmt::format("`{}` was written by another version", path),
              "start a new experiment with --out");
}

}  // namespace

std::string_view to_string(Front front) {
  return front == Front::AsPublished ? "as-published" : "checked";
}

Result<ValidityLog> ValidityLog::open(const std::string& path, const ValidityFacts& facts) {
  PLACEWRIGHT_TRY(
      LineFile file,
      LineFile::resume(path,
                       fmt::format("the experiment `{}` is being run by another process", path)));
  ValidityLog log(std::move(file));
  PLACEWRIGHT_TRY(const std::string text, log.file_.read());

  const size_t whole = text.rfind('\n') + 1;  // npos + 1 is 0
  const std::string first_line = line_of(header(facts));
  if (whole == 0 && !first_line.starts_with(text))
    return tl::unexpected(not_this_log(path).error());
  std::istringstream lines(text.substr(0, whole));
  std::string line;
  if (std::getline(lines, line)) {
    PLACEWRIGHT_TRY_VOID(check_header(path, line, facts));
  }
  for (int number = 2; std::getline(lines, line); ++number) {
    auto trial = trial_of(line);
    if (!trial) return fail(fmt::format("line {} of `{}` is not a trial", number, path));
    if (!log.keep(std::move(*trial)))
      return fail(fmt::format("line {} of `{}` repeats a trial", number, path));
  }
  PLACEWRIGHT_TRY_VOID(log.file_.cut(whole));
  if (whole == 0) PLACEWRIGHT_TRY_VOID(log.file_.append(first_line));
  return log;
}

bool ValidityLog::keep(ValidityTrial trial) {
  const bool is_new =
      known_.try_emplace({trial.application, trial.seed, trial.front}, trials_.size()).second;
  if (is_new) trials_.push_back(std::move(trial));
  return is_new;
}

bool ValidityLog::has(const std::string& application, int seed, Front front) const {
  return known_.contains({application, seed, front});
}

Result<void> ValidityLog::add(const ValidityTrial& trial) {
  PLACEWRIGHT_TRY_VOID(file_.append(line_of(to_json(trial))));
  keep(trial);
  return {};
}

}  // namespace placewright::experiments
