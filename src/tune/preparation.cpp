// SPDX-License-Identifier: Apache-2.0
// The Tuner's work before the search: discovery, search space, baselines.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "support/statistics.h"
#include "tune/mapping_writer.h"
#include "tune/tuner.h"

namespace placewright::tune {
namespace {

constexpr double kLongestRun_s = 120;

}  // namespace

double Tuner::first_timeout_s() const {
  return std::min(kLongestRun_s, context_.settings.budget_s);
}

Result<void> Tuner::load() {
  if (auto ready = prepare_space(); !ready) return ready;
  auto evaluations = context_.store.evaluations();
  if (!evaluations) return tl::unexpected(evaluations.error());
  auto findings = context_.store.findings();
  if (!findings) return tl::unexpected(findings.error());
  for (Evaluation& evaluation : *evaluations) {
    earlier_s_ = std::max(earlier_s_, evaluation.elapsed_s);
    Contender contender{std::move(evaluation), {}, {}, {}, false};
    if (const auto known = findings->find(contender.evaluation.id); known != findings->end()) {
      contender.findings = std::move(known->second);
      contender.explained = true;
    }
    if (contender.evaluation.origin == Origin::HandWritten)
      contender.subject.command = context_.settings.handwritten_command;
    if (!contender.evaluation.mapping.empty()) {
      contender.subject.mapping = contender.evaluation.mapping;
      contender.decisions =
          workload::compile_candidate("study.mapping", contender.evaluation.mapping,
                                      space_->workload(), space_->machine())
              .decisions;
    } else if (contender.evaluation.origin == Origin::Default) {
      contender.decisions = default_.decisions;
    }
    keep(std::move(contender));
  }
  auto facts = context_.store.facts();
  if (!facts) return tl::unexpected(facts.error());
  if (const auto known = facts->find("baseline_wall_s"); known != facts->end()) {
    slowest_baseline_s_ = std::strtod(known->second.c_str(), nullptr);
    walls_.push_back(slowest_baseline_s_);
  }
  if (!archive_.empty())
    context_.progress.note(fmt::format("continuing {}: {} evaluations, {:.0f} s used",
                                       context_.store.path(), archive_.size(), earlier_s_));
  return {};
}

Result<void> Tuner::prepare_space() {
  auto facts = context_.store.facts();
  if (!facts) return tl::unexpected(facts.error());
  Result<workload::Workload> workload = fail("");
  if (const auto known = facts->find("workload"); known != facts->end()) {
    workload = workload::workload_from_json(known->second);
    if (!workload) return tl::unexpected(workload.error());
  } else {
    context_.progress.running("discovery run");
    workload = context_.evaluator.discover();
    if (!workload) return tl::unexpected(workload.error());
    if (auto written = context_.store.set_fact("workload", to_json(*workload)); !written)
      return written;
  }
  const machine::MachineShape machine = workload->machine;
  space_ = std::make_unique<SearchSpace>(std::move(*workload), machine);
  default_ = workload::compile_candidate(
      "default.mapping",
      titled("What Legion's default mapper decides.", write_mapping(*space_, space_->defaults())),
      space_->workload(), space_->machine());
  if (default_.policy == nullptr)
    return fail("the default mapper's decisions cannot be written as a mapping:\n" +
                default_.messages);
  auto strategy = context_.make_strategy(*space_, context_.settings.seed);
  if (!strategy) return tl::unexpected(strategy.error());
  strategy_ = std::move(*strategy);
  context_.progress.note(
      fmt::format("{} tasks on {}: {} decisions to make, 10^{:.1f} different mappings",
                  space_->workload().tasks.size(), space_->machine().to_string(),
                  space_->knobs().size(), space_->log10_distinct()));
  return {};
}

Result<void> Tuner::prepare_checksum() {
  auto facts = context_.store.facts();
  if (!facts) return tl::unexpected(facts.error());
  if (const auto known = facts->find("baseline_checksum"); known != facts->end()) {
    checksum_ = known->second;
    return {};
  }
  context_.progress.running("correctness run under the default mapper");
  const auto result = context_.evaluator.verify({});
  if (!result) return tl::unexpected(result.error());
  if (result->status == Status::Cancelled) return fail("stopped before anything was measured");
  if (result->status != Status::Ok)
    return fail(fmt::format("the correctness run fails under Legion's default mapper ({}): {}",
                            to_string(result->status), result->message));
  if (result->checksum.empty() && context_.settings.checksum)
    return fail(fmt::format("the correctness run prints no checksum where `{}` looks for one",
                            *context_.settings.checksum));
  if (result->checksum.empty())
    context_.progress.note("warning: the application prints no checksum, results are not verified");
  checksum_ = result->checksum;
  return context_.store.set_fact("baseline_checksum", checksum_);
}

// The baselines missing from the study, ready to be timed.
Result<std::vector<Tuner::Contender>> Tuner::missing_baselines() {
  std::vector<Contender> fresh;
  if (find(Origin::Default) == nullptr) {
    Contender contender;
    contender.evaluation.origin = Origin::Default;
    contender.evaluation.fingerprint = default_.fingerprint.to_string();
    contender.evaluation.decisions = default_.fingerprint.text;
    contender.evaluation.checksum = checksum_;
    contender.decisions = default_.decisions;
    fresh.push_back(std::move(contender));
  }
  if (!context_.settings.expert.empty() && find(Origin::Expert) == nullptr) {
    const auto file = SourceFile::read(context_.settings.expert);
    if (!file) return tl::unexpected(file.error());
    const workload::Candidate expert = workload::compile_candidate(
        context_.settings.expert, std::string(file->text()), space_->workload(), space_->machine());
    if (expert.policy == nullptr)
      return fail("the expert mapping is rejected:\n" + expert.messages);
    if (!expert.messages.empty()) context_.progress.note(expert.messages);
    Contender contender;
    contender.evaluation.origin = Origin::Expert;
    contender.evaluation.mapping = expert.text;
    contender.evaluation.fingerprint = expert.fingerprint.to_string();
    contender.evaluation.decisions = expert.fingerprint.text;
    contender.subject.mapping = expert.text;
    contender.decisions = expert.decisions;
    if (auto verified = verify(contender); !verified) return tl::unexpected(verified.error());
    fresh.push_back(std::move(contender));
  }
  if (!context_.settings.handwritten_command.empty() && find(Origin::HandWritten) == nullptr) {
    Contender contender;
    contender.evaluation.origin = Origin::HandWritten;
    contender.subject.command = context_.settings.handwritten_command;
    fresh.push_back(std::move(contender));
  }
  return fresh;
}

// One run each: this only chooses a starting point; the closing rounds compare them.
Result<void> Tuner::time_baselines(std::vector<Contender>& fresh) {
  for (Contender& contender : fresh) {
    Evaluation& evaluation = contender.evaluation;
    if (evaluation.status != Status::Ok) continue;
    context_.progress.running(std::string(evaluation.origin_name()));
    const auto result = context_.evaluator.time(contender.subject, first_timeout_s());
    if (!result) return tl::unexpected(result.error());
    evaluation.status = result->status;
    evaluation.message = result->message;
    evaluation.memory = result->memory;
    if (result->status == Status::Cancelled) return fail("stopped before anything was measured");
    if (result->status != Status::Ok) continue;
    evaluation.samples.push_back(result->metric);
    walls_.push_back(result->wall_s);
    slowest_baseline_s_ = std::max(slowest_baseline_s_, result->wall_s);
    if (verifies_in_timing_runs()) check_checksum(evaluation, result->checksum);
  }
  return {};
}

Result<void> Tuner::measure_baselines() {
  auto fresh = missing_baselines();
  if (!fresh) return tl::unexpected(fresh.error());
  if (auto timed = time_baselines(*fresh); !timed) return timed;
  for (Contender& contender : *fresh) {
    Evaluation& evaluation = contender.evaluation;
    if (evaluation.status != Status::Ok && evaluation.origin == Origin::Default)
      return fail(fmt::format("the application fails under Legion's default mapper ({}): {}",
                              to_string(evaluation.status), evaluation.message));
    if (!evaluation.samples.empty()) evaluation.median = median(evaluation.samples);
    if (auto kept = record(std::move(contender), {}); !kept) return tl::unexpected(kept.error());
  }
  if (fresh->empty()) return {};
  return context_.store.set_fact("baseline_wall_s", fmt::format("{}", slowest_baseline_s_));
}

}  // namespace placewright::tune
