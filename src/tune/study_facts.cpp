// SPDX-License-Identifier: Apache-2.0
// What a study keeps of its settings, and the metrics that it names.
#include <fmt/format.h>

#include "support/json.h"
#include "tune/settings.h"

namespace placewright::tune {

Metric step_metric() {
  Metric metric;
  metric.direction = Direction::Minimize;
  metric.unit = "s/step";
  return metric;
}

Metric metric_of(const StudyFacts& facts) {
  const auto measured = facts.find(kMeasuredFact);
  const bool by_steps = measured != facts.end() && measured->second == kSteps;
  return by_steps ? step_metric() : closing_metric_of(facts);
}

Metric closing_metric_of(const StudyFacts& facts) {
  const auto fact = [&](const char* key) {
    const auto found = facts.find(key);
    return found == facts.end() ? std::string() : found->second;
  };
  Metric metric{fact("metric"), parse_direction(fact("direction")), fact("unit")};
  if (metric.unit->empty()) metric.unit = fact(kUnitFact);
  return metric;
}

StudyFacts identity(const Settings& settings) {
  const auto list = [](const std::vector<std::string>& words) {
    return dump_json(nlohmann::json(words));
  };
  StudyFacts facts = {
      {"command", list(settings.command)},
      {"correctness_command", list(settings.correctness_command)},
      {"explore_command", list(settings.explore_command)},
      {"handwritten_command", list(settings.handwritten_command)},
      {"whole_runs", settings.whole_runs ? "yes" : "no"},
      {"expert", settings.expert},
      {"start", settings.start.text},
      {"pin", settings.pin.text},
      {"only", settings.only.empty() ? "" : list(settings.only)},
      {"except", settings.except.empty() ? "" : list(settings.except)},
      {"machine", settings.machine},
      {"time_scale", fmt::format("{}", settings.time_scale)},
      {"runtime_cost", settings.runtime_cost ? "model" : "none"},
      {"processes", fmt::format("{}", settings.processes)},
      {"metric", settings.metric.pattern},
      {"direction",
       settings.metric.direction ? std::string(to_string(*settings.metric.direction)) : ""},
      {"unit", settings.metric.unit.value_or("")},
      {"checksum", settings.checksum.value_or(kDefaultChecksum)},
      {"strategy", settings.strategy},
      {"seed", fmt::format("{}", settings.seed)}};
  // A study of one input has no such fact, as before there were several.
  nlohmann::json inputs = nlohmann::json::array();
  for (const Input& input : settings.inputs)
    inputs.push_back({input.command, input.correctness_command, input.explore_command,
                      input.handwritten_command});
  if (!inputs.empty()) facts["inputs"] = dump_json(inputs);
  return facts;
}

}  // namespace placewright::tune
