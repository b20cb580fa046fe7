// SPDX-License-Identifier: Apache-2.0
#include "tune/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "support/try.h"

namespace placewright::tune {
namespace {

/// The settings of one input alone.
Settings settings_of(Settings settings, size_t input) {
  const std::vector<Input> inputs = std::exchange(settings.inputs, {});
  if (input == 0) return settings;
  const Input& other = inputs[input - 1];
  settings.command = other.command;
  settings.correctness_command = other.correctness_command;
  settings.explore_command = other.explore_command;
  settings.handwritten_command = other.handwritten_command;
  return settings;
}

void add_checksum(std::string& all, const std::string& next, bool is_first) {
  if (is_first) {
    all = next;
  } else if (!all.empty()) {
    all = next.empty() ? "" : all + " " + next;
  }
}

}  // namespace

Subject SeveralInputs::subject_of(const Subject& subject, const Each& input) {
  Subject own = subject;
  if (!own.command.empty()) own.command = input.handwritten_command;
  return own;
}

template <class Run>
Result<RunResult> SeveralInputs::run_all(Run&& run) const {
  RunResult all;
  double logarithms = 0;
  for (const Each& input : inputs_) {
    PLACEWRIGHT_TRY(RunResult one, run(input));
    if (one.status != Status::Ok) {
      one.message = fmt::format("input `{}`: {}", input.name, one.message);
      return one;
    }
    const bool is_first = &input == &inputs_.front();
    logarithms += std::log(one.metric);
    all.by_input.push_back(one.metric);
    all.wall_s += one.wall_s;
    all.notes += one.notes;
    add_checksum(all.checksum, one.checksum, is_first);
    if (is_first) all.reading = std::move(one.reading);
  }
  all.metric = std::exp(logarithms / static_cast<double>(inputs_.size()));
  return all;
}

Result<workload::Workload> SeveralInputs::discover() {
  std::vector<workload::Workload> workloads;
  for (const Each& input : inputs_) {
    PLACEWRIGHT_TRY(auto workload, input.evaluator->discover());
    workloads.push_back(std::move(workload));
  }
  return workload::merge(workloads);
}

Result<RunResult> SeveralInputs::verify(const Subject& subject) {
  return run_all(
      [&](const Each& input) { return input.evaluator->verify(subject_of(subject, input)); });
}

Result<RunResult> SeveralInputs::time(const Subject& subject, double timeout_s) {
  return run_all([&](const Each& input) {
    return input.evaluator->time(subject_of(subject, input), timeout_s);
  });
}

Result<std::vector<explain::Finding>> SeveralInputs::explain(const Subject& subject,
                                                             const workload::Workload& workload) {
  return inputs_.front().evaluator->explain(subject, workload);
}

Result<RunResult> SeveralInputs::begin(bool continues) {
  return run_all([&](const Each& input) -> Result<RunResult> {
    Result<RunResult> begun = input.steps->begin(continues);
    if (!begun)
      return fail(fmt::format("with the input `{}` {}", input.name, begun.error().message));
    return begun;
  });
}

Explored SeveralInputs::explored() const {
  Explored all;
  for (const Each& input : inputs_) {
    const Explored one = input.steps->explored();
    all.mappings = std::max(all.mappings, one.mappings);
    all.visits += one.visits;
    all.steps += one.steps;
    all.runs += one.runs;
    all.kept.insert(one.kept.begin(), one.kept.end());
  }
  return all;
}

Result<Walked> SeveralInputs::walk(const std::vector<std::string>& mappings) {
  Walked all;
  all.mappings = mappings.size();
  for (const Each& input : inputs_) {
    PLACEWRIGHT_TRY(Walked one, input.steps->walk(mappings));
    all.mappings = std::min(all.mappings, one.mappings);
    const bool is_first = &input == &inputs_.front();
    add_checksum(all.result.checksum, one.result.checksum, is_first);
    if (one.result.status == Status::Ok) continue;
    all.result = std::move(one.result);
    return all;
  }
  return all;
}

Result<Inputs> Inputs::create(const Settings& settings, std::function<bool()> cancelled,
                              std::function<bool()> stopped, std::function<double()> left_s) {
  Inputs inputs;
  std::vector<SeveralInputs::Each> whole;
  std::vector<SeveralInputs::Each> steps;
  for (size_t i = 0; i <= settings.inputs.size(); ++i) {
    Each each;
    each.settings = std::make_unique<Settings>(settings_of(settings, i));
    PLACEWRIGHT_TRY(each.whole, RunEvaluator::create(*each.settings, cancelled, left_s));
    PLACEWRIGHT_TRY(each.steps,
                    InRunEvaluator::create(*each.settings, *each.whole, cancelled, stopped));
    const std::string name = input_name(settings, i);
    const std::vector<std::string>& handwritten = each.settings->handwritten_command;
    whole.push_back({name, handwritten, each.whole.get(), nullptr});
    steps.push_back({name, handwritten, each.steps.get(), each.steps.get()});
    inputs.each_.push_back(std::move(each));
  }
  if (inputs.each_.size() > 1) {
    inputs.whole_ = std::make_unique<SeveralInputs>(std::move(whole));
    inputs.steps_ = std::make_unique<SeveralInputs>(std::move(steps));
  }
  return inputs;
}

}  // namespace placewright::tune
