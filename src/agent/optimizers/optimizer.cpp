// SPDX-License-Identifier: Apache-2.0
#include "agent/optimizers/optimizer.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/program/start.h"
#include "lang/grammar/export.h"
#include "lang/grammar/index_maps.h"
#include "lang/syntax/words.h"
#include "support/try.h"
#include "tune/mapping_writer.h"
#include "workload/decisions.h"

namespace placewright::agent {
namespace {

namespace grammar = lang::grammar;

// A model that only reasons this often in a row will not answer without help.
constexpr int kMostSilent = 2;

std::string standard_maps_text(const machine::MachineShape& machine) {
  std::string names;
  for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
    if (!machine.has(kind)) continue;
    for (const std::string_view map : grammar::kIndexMaps)
      names += fmt::format("{}`{}`", names.empty() ? "" : ", ", grammar::index_map_name(map, kind));
  }
  return names +
         " (block: slabs along the first dimension; cyclic: points in turn; grid: blocks "
         "in all dimensions).";
}

}  // namespace

Optimizer::Optimizer(AgentParts parts)
    : parts_(std::move(parts)), facts_(facts_of(parts_.space.workload(), parts_.space.machine())) {
  facts_.insert(parts_.restrictions.begin(), parts_.restrictions.end());
}

void Optimizer::note(const std::string& text) const {
  if (parts_.note) parts_.note(text);
}

const std::string& Optimizer::key(const Draft& draft) {
  return draft.check.ok() ? draft.check.candidate.fingerprint.text : draft.mapping;
}

Draft Optimizer::draft_of(Program program, std::string idea) const {
  Draft draft;
  draft.program = with_standard_maps(std::move(program));
  draft.mapping = generate_mapper(*draft.program);
  draft.idea = std::move(idea);
  draft.check = check_program(*draft.program, space().workload(), space().machine());
  return draft;
}

Draft Optimizer::draft_of(const std::string& mapping, std::string idea) const {
  Draft draft;
  draft.mapping = with_standard_maps(mapping);
  draft.idea = std::move(idea);
  draft.check = check_mapping(draft.mapping, space().workload(), space().machine());
  return draft;
}

Result<void> Optimizer::prepare() {
  if (!begins_without_feedback() || settings().iterations <= 0) return {};
  PLACEWRIGHT_TRY(const auto request, next_request(0));
  first_request_ = request;
  first_reply_ = std::async(std::launch::async,
                            [model = parts_.model, request] { return model->complete(request); });
  return {};
}

Draft Optimizer::draft_of(const tune::Evaluation& baseline) const {
  const std::string mapping = baseline.mapping.empty()
                                  ? tune::write_mapping(space(), space().defaults())
                                  : baseline.mapping;
  return draft_of(mapping, "a baseline");
}

void Optimizer::begin(const tune::Start& start) {
  parts_.metric = start.metric;
  for (const tune::Evaluation& baseline : start.baselines) {
    const bool is_incumbent = baseline.id == start.incumbent.id;
    const Draft draft = draft_of(baseline);
    tune::Verdict verdict{baseline, is_incumbent};
    if (is_incumbent) verdict.findings = start.findings;
    known_[baseline.decisions] = {outcome_of(verdict, draft.mapping, "", metric()), baseline,
                                  draft.check.candidate.decisions};
  }
  Draft incumbent = draft_of(start.incumbent);
  if (const auto program = split_mapping(incumbent.mapping)) incumbent.program = *program;
  begin_with(start, incumbent);
}

Result<std::optional<tune::Proposal>> Optimizer::ask() {
  while (true) {
    while (!queue_.empty()) {
      asked_ = std::move(queue_.front());
      queue_.pop_front();
      if (!is_new(asked_)) continue;
      return tune::Proposal{asked_.mapping, asked_.idea};
    }
    if (iteration_ >= settings().iterations || ended_) return std::nullopt;
    if (auto done = ask_model(); !done) {
      if (const auto* error = std::get_if<Error>(&done.error())) return tl::unexpected(*error);
      ended_ = std::get<Ended>(done.error()).why;
    }
  }
}

bool Optimizer::is_new(const Draft& draft) {
  const auto known = known_.find(key(draft));
  if (known == known_.end()) return true;
  if (draft.from_answer) ++tally_.repeated;
  Outcome outcome = known->second.outcome;
  outcome.repeated = iteration_ > 0;  // The first program of the search is not an answer.
  learn(draft, outcome, &known->second.evaluation);
  return false;
}

void Optimizer::tell(const tune::Proposal&, const tune::Verdict& verdict) {
  const Outcome outcome = outcome_of(verdict, asked_.mapping, asked_.check.annotated, metric());
  known_[key(asked_)] = {outcome, verdict.evaluation, asked_.check.candidate.decisions};
  if (asked_.from_answer) ++tally_.tried;
  learn(asked_, outcome, &verdict.evaluation);
}

Asked<llm::Reply> Optimizer::finish(const llm::Completion& completion) {
  if (completion) {
    ++tally_.answers;
    if (completion->truncated) ++tally_.cut_short;
    last_reply_ = completion->text;
    silent_ = 0;
    return *completion;
  }
  const llm::ModelError& error = completion.error();
  if (error.failure == llm::Failure::OnlyReasoning && ++silent_ < kMostSilent) {
    ++tally_.answers;
    ++tally_.cut_short;
    last_reply_.clear();
    note(fmt::format("answer {} of the model: {}; {}", tally_.answers, error.error.message,
                     error.error.help));
    llm::Reply nothing;
    nothing.truncated = true;
    return nothing;
  }
  if (error.failure == llm::Failure::Cancelled)
    return tl::unexpected(Ended{"the time for its answer is over"});
  if (error.failure == llm::Failure::BudgetSpent) return tl::unexpected(Ended{error.error.message});
  const std::string resume = "the study is kept: continue with --resume once this is fixed";
  return fail(fmt::format("the language model `{}` gives no answer ({}): {}", parts_.model->name(),
                          llm::to_string(error.failure), error.error.message),
              error.error.help.empty() ? resume : error.error.help + "; " + resume);
}

Asked<llm::Reply> Optimizer::call(const llm::Request& request) {
  if (first_reply_.valid()) return finish(first_reply_.get());
  return finish(parts_.model->complete(request));
}

// One iteration. Its drafts, if any, are in the queue afterwards.
Asked<void> Optimizer::ask_model() {
  PLACEWRIGHT_TRY(llm::Request request, first_request_ ? Result<llm::Request>(*first_request_)
                                                       : next_request(iteration_));
  first_request_.reset();
  PLACEWRIGHT_TRY(auto drafts, answers(request));
  ++iteration_;
  if (!drafts) return {};
  if (drafts->empty()) {
    ++tally_.terminated;
    if (!settings().faithful()) ended_ = "it proposes no further change";
  }
  tally_.drafts += static_cast<int>(drafts->size());
  PLACEWRIGHT_TRY_VOID(repair(std::move(request), *drafts));
  for (Draft& draft : *drafts) {
    draft.from_answer = true;
    enqueue(std::move(draft));
  }
  return {};
}

// nullopt: the answer cannot be read, even at the second attempt.
Asked<std::optional<std::vector<Draft>>> Optimizer::answers(const llm::Request& request) {
  PLACEWRIGHT_TRY(const llm::Reply first, call(request));
  auto drafts = read(first, nullptr);
  if (drafts) return std::move(*drafts);
  ++tally_.unreadable;
  note(fmt::format("answer {} of the model cannot be read: {}", tally_.answers,
                   drafts.error().message));
  // The same question would be reasoned about as long again.
  const bool only_reasoned = first.text.empty() && first.truncated;
  if (settings().faithful() || only_reasoned) return std::nullopt;
  llm::Request again = request;
  // Servers refuse empty messages.
  again.messages.push_back({llm::Role::Assistant, last_reply_.empty() ? "(empty)" : last_reply_});
  PLACEWRIGHT_TRY_VOID(
      add_message(again, llm::Role::User, "unreadable", {{"problem", drafts.error().message}}));
  PLACEWRIGHT_TRY(const llm::Reply second, call(again));
  drafts = read(second, nullptr);
  if (drafts) return std::move(*drafts);
  ++tally_.unreadable;
  note(fmt::format("answer {} of the model cannot be read either: {}", tally_.answers,
                   drafts.error().message));
  return std::nullopt;
}

// One round for all invalid drafts of an answer together. Drafts that stay invalid are dropped and
// their errors remembered. The faithful setting changes nothing.
Asked<void> Optimizer::repair(llm::Request conversation, std::vector<Draft>& drafts) {
  std::vector<Draft> failing;
  for (const Draft& draft : drafts)
    if (!draft.check.ok()) failing.push_back(draft);
  tally_.invalid += static_cast<int>(failing.size());
  if (failing.empty() || settings().faithful()) return {};
  std::erase_if(drafts, [](const Draft& draft) { return !draft.check.ok(); });
  std::string errors;
  for (const Draft& draft : failing) errors += draft.check.annotated + "\n";
  conversation.messages.push_back({llm::Role::Assistant, last_reply_});
  PLACEWRIGHT_TRY_VOID(add_message(conversation, llm::Role::User, "repair",
                                   {{"errors", errors}, {"what", repair_what(failing.size())}}));
  PLACEWRIGHT_TRY(const llm::Reply reply, call(conversation));
  std::vector<Draft> repaired = read(reply, &failing.front()).value_or(std::vector<Draft>{});
  std::erase_if(repaired, [](const Draft& draft) { return !draft.check.ok(); });
  if (repaired.size() > failing.size()) repaired.resize(failing.size());
  tally_.repaired += static_cast<int>(repaired.size());
  for (size_t i = 0; i < failing.size(); ++i) {
    if (i < repaired.size()) {
      if (repaired[i].idea.empty()) repaired[i].idea = failing[i].idea;
      drafts.push_back(std::move(repaired[i]));
      continue;
    }
    Outcome outcome;
    outcome.status = tune::Status::RejectedMapping;
    outcome.message = failing[i].check.annotated;
    outcome.mapping = failing[i].mapping;
    learn(failing[i], outcome, nullptr);
  }
  return {};
}

Result<void> Optimizer::add_message(llm::Request& request, llm::Role role, std::string_view prompt,
                                    const PromptValues& values) const {
  const Prompt& source = parts_.prompts.get(prompt);
  PLACEWRIGHT_TRY(auto text, fill(source, values));
  request.messages.push_back({role, std::move(text)});
  if (!request.prompt.empty()) request.prompt += "; ";
  request.prompt += source.id();
  // The prompts that a prompt contains.
  constexpr std::pair<std::string_view, std::string_view> kParts[] = {
      {"language", "language"}, {"language", "rule-order"}, {"advice", "mapping-advice"}};
  for (const auto& [value, part] : kParts)
    if (values.contains(value)) request.prompt += "; " + parts_.prompts.get(part).id();
  return {};
}

Result<std::string> Optimizer::language() const {
  return fill(parts_.prompts.get("language"),
              {{"grammar", grammar::to_ebnf(grammar::full_grammar())},
               {"rule_order", parts_.prompts.get("rule-order").text},
               {"standard_maps", standard_maps_text(space().machine())}});
}

std::string Optimizer::examples() const {
  if (settings().shots <= 0) return "";
  std::string text = "Mappings of other applications, as examples of the language:\n\n";
  std::string_view rest = parts_.prompts.get("examples").text;
  for (int i = 0; i < settings().shots && !rest.empty(); ++i) {
    constexpr std::string_view kBetween = "---\n";
    const size_t end = std::min(rest.find(kBetween), rest.size());
    text += fmt::format("{}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + kBetween.size(), rest.size()));
  }
  return text;
}

tune::WantedFindings Optimizer::wants_findings() const {
  const FeedbackStyle& style = settings().feedback;
  const bool explains = style.level >= FeedbackLevel::Explain && style.wording == Wording::Ours;
  return explains ? tune::WantedFindings::OfAll : tune::WantedFindings::None;
}

std::string Optimizer::why_nothing() const {
  if (ended_) return fmt::format("no further requests to the model: {}", *ended_);
  return fmt::format("the model was asked {} times, which is the limit", settings().iterations);
}

std::string Optimizer::summary() const {
  // The faithful setting drops nothing: what is invalid counts as tried.
  const int dropped = settings().faithful() ? 0 : tally_.invalid - tally_.repaired;
  std::string text = fmt::format(
      "answers: {}, {} unreadable, {} cut short, {} without a change; mappings in them: {} = {} "
      "tried + {} known before + {} invalid + {} not tried; {} were repaired\n",
      tally_.answers, tally_.unreadable, tally_.cut_short, tally_.terminated, tally_.drafts,
      tally_.tried, tally_.repeated, dropped,
      tally_.drafts - tally_.tried - tally_.repeated - dropped, tally_.repaired);
  if (ended_) text += fmt::format("no further requests to the model: {}\n", *ended_);
  return text;
}

}  // namespace placewright::agent
