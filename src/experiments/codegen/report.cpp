// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/report.h"

#include <fmt/core.h>

#include <algorithm>

#include "support/json.h"

namespace placewright::experiments {
namespace {

using nlohmann::json;

std::string_view mark(Grade grade) {
  switch (grade) {
    case Grade::NoAnswer:
      return "?";
    case Grade::DoesNotCompile:
      return "-";
    case Grade::Fails:
      return "x";
    case Grade::Right:
      break;
  }
  return "ok";
}

std::string row(const CodegenResult& result, Target target, bool refined) {
  const std::string title = fmt::format("{} {}", target == Target::Mapping ? "mapping" : "C++",
                                        refined ? "refined" : "single");
  std::string line = fmt::format("{:<16}", title);
  int tried = 0;
  int right = 0;
  for (const int strategy : result.settings.strategies) {
    const auto trial = std::ranges::find_if(result.trials, [&](const Trial& each) {
      return each.target == target && each.strategy == strategy;
    });
    if (trial == result.trials.end()) {
      line += fmt::format("{:>4}", ".");
      continue;
    }
    const Grade grade = refined ? trial->refined() : trial->single();
    line += fmt::format("{:>4}", mark(grade));
    ++tried;
    if (grade == Grade::Right) ++right;
  }
  return line + (tried == 0
                     ? "\n"
                     : fmt::format("   {} of {} ({} %)\n", right, tried, 100 * right / tried));
}

json usage_json(const llm::Usage& usage) {
  json object = json::object();
  if (usage.input) object["input"] = *usage.input;
  if (usage.output) object["output"] = *usage.output;
  if (usage.cached) object["cached"] = *usage.cached;
  if (usage.reasoning) object["reasoning"] = *usage.reasoning;
  return object;
}

json attempt_json(const Attempt& attempt) {
  const llm::Reply& reply = attempt.reply;
  json object = {{"verdict", to_string(attempt.assessment.grade)},
                 {"message", attempt.assessment.message},
                 {"facts", attempt.assessment.facts},
                 {"compile_s", attempt.assessment.compile_s},
                 {"run_s", attempt.assessment.run_s},
                 {"prompt", attempt.prompt},
                 {"reply", reply.text},
                 {"code", attempt.code},
                 {"model", reply.model},
                 {"finish", reply.finish},
                 {"truncated", reply.truncated},
                 {"replayed", reply.replayed},
                 {"latency_s", reply.latency_s},
                 {"calls", reply.attempts},
                 {"tokens", usage_json(reply.usage)}};
  if (reply.dollars) object["dollars"] = *reply.dollars;
  return object;
}

}  // namespace

std::string render_table(const CodegenResult& result) {
  std::string text = fmt::format("{:<16}", "strategy");
  for (const int strategy : result.settings.strategies) text += fmt::format("{:>4}", strategy);
  text += "   right\n";
  for (const Target target : result.settings.targets) {
    text += row(result, target, false);
    if (result.settings.refinements > 0) text += row(result, target, true);
  }
  text += "ok right by what Legion did, x compiles but fails, - does not compile, ? no answer\n";
  for (const Trial& trial : result.trials) {
    if (trial.refined() != Grade::NoAnswer || trial.attempts.empty()) continue;
    text += fmt::format("no answer for {} {}: {}", to_string(trial.target), trial.strategy,
                        trial.attempts.back().assessment.message);
  }
  return text;
}

std::string to_json(const CodegenResult& result) {
  json object = {{"study", "codegen"},
                 {"version", 1},
                 {"model", result.model},
                 {"refinements", result.settings.refinements},
                 {"max_output_tokens", result.settings.max_output_tokens},
                 {"trials", json::array()}};
  if (result.settings.temperature) object["temperature"] = *result.settings.temperature;
  if (result.settings.seed) object["seed"] = *result.settings.seed;
  for (const Trial& trial : result.trials) {
    json attempts = json::array();
    for (const Attempt& attempt : trial.attempts) attempts.push_back(attempt_json(attempt));
    const Strategy* strategy = find_strategy(trial.strategy);
    object["trials"].push_back({{"target", to_string(trial.target)},
                                {"strategy", trial.strategy},
                                {"name", strategy == nullptr ? "" : strategy->name},
                                {"single", to_string(trial.single())},
                                {"refined", to_string(trial.refined())},
                                {"attempts", std::move(attempts)}});
  }
  if (result.stopped) {
    object["stopped"] = {{"message", result.stopped->message}, {"help", result.stopped->help}};
    if (!result.failure.empty()) object["stopped"]["failure"] = result.failure;
  }
  return object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace placewright::experiments
