// SPDX-License-Identifier: Apache-2.0
#include "agent/study_model.h"

#include <fmt/format.h>

#include "llm/capabilities.h"
#include "llm/cassette.h"
#include "support/json.h"

namespace placewright::agent {
namespace {

std::string to_json(const llm::Request& request) {
  nlohmann::ordered_json json = {{"messages", nlohmann::ordered_json::array()},
                                 {"max_output_tokens", request.max_output_tokens}};
  for (const llm::Message& message : request.messages)
    json["messages"].push_back({{"role", to_string(message.role)}, {"text", message.text}});
  if (request.temperature) json["temperature"] = *request.temperature;
  if (request.seed) json["seed"] = *request.seed;
  return dump_json(json);
}

void record_usage(const llm::Usage& usage, const std::optional<double>& dollars,
                  tune::CallRecord& call) {
  call.input_tokens = usage.input;
  call.output_tokens = usage.output;
  call.cached_tokens = usage.cached;
  call.reasoning_tokens = usage.reasoning;
  call.dollars = dollars;
}

tune::CallRecord record_of(const llm::Request& request, const llm::Completion& completion,
                           const std::string& model) {
  tune::CallRecord call;
  call.key = llm::request_key(model, request);
  call.prompt = request.prompt;
  call.model = model;
  const llm::Constraint used = completion ? completion->constraint : llm::Constraint::None;
  call.request = to_json(llm::worded_for(used, request));
  if (!completion) {
    const llm::ModelError& error = completion.error();
    const std::string word(to_string(error.failure));
    // The search continues after this one, so it is answered from the study like any other answer.
    if (error.failure == llm::Failure::OnlyReasoning) {
      call.finish = word;
      call.truncated = true;
    } else {
      call.failure = word;
    }
    call.message = error.error.message;
    call.attempts = error.attempts;
    call.latency_s = error.latency_s;
    record_usage(error.usage, error.dollars, call);
    return call;
  }
  const llm::Reply& reply = *completion;
  if (!reply.model.empty()) call.model = reply.model;
  call.reply = reply.text;
  call.finish = reply.finish;
  call.constraint = to_string(reply.constraint);
  call.request_id = reply.request_id;
  call.truncated = reply.truncated;
  call.attempts = reply.attempts;
  record_usage(reply.usage, reply.dollars, call);
  call.latency_s = reply.latency_s;
  return call;
}

bool is_answer(const llm::Completion& completion) {
  return completion || completion.error().failure == llm::Failure::OnlyReasoning;
}

llm::Completion completion_of(const tune::CallRecord& call) {
  if (call.finish == to_string(llm::Failure::OnlyReasoning)) {
    llm::ModelError error{llm::Failure::OnlyReasoning, {"it gave no answer, only reasoning", ""}};
    error.usage = {call.input_tokens, call.output_tokens, call.cached_tokens,
                   call.reasoning_tokens};
    error.dollars = call.dollars;
    error.latency_s = call.latency_s;
    error.attempts = call.attempts;
    return tl::unexpected(error);
  }
  llm::Reply reply;
  reply.text = call.reply;
  reply.truncated = call.truncated;
  reply.finish = call.finish;
  reply.usage = {call.input_tokens, call.output_tokens, call.cached_tokens, call.reasoning_tokens};
  reply.dollars = call.dollars;
  reply.latency_s = call.latency_s;
  reply.attempts = call.attempts;
  reply.model = call.model;
  reply.request_id = call.request_id;
  reply.constraint = llm::parse_constraint(call.constraint).value_or(llm::Constraint::None);
  reply.replayed = true;
  return reply;
}

}  // namespace

llm::Completion StudyModel::complete(const llm::Request& request) {
  const std::string key = llm::request_key(name(), request);
  int occurrence = 0;
  {
    const std::lock_guard lock(mutex_);
    occurrence = answered_[key];
  }
  const auto known = store_.answered_call(key, occurrence);
  if (!known)
    return llm::fail(llm::Failure::ServerError, known.error().message, known.error().help);
  llm::Completion completion;
  if (*known) {
    completion = completion_of(**known);
  } else {
    completion = model_->complete(request);
    const bool sent = completion || (completion.error().failure != llm::Failure::BudgetSpent &&
                                     completion.error().failure != llm::Failure::Cancelled);
    if (sent) {
      if (auto kept = store_.add_call(record_of(request, completion, name())); !kept)
        return llm::fail(llm::Failure::ServerError, kept.error().message, kept.error().help);
    }
  }
  if (is_answer(completion)) {
    const std::lock_guard lock(mutex_);
    ++answered_[key];
  }
  return completion;
}

std::string to_text(const tune::CallTotals& totals) {
  if (totals.calls == 0) return "";
  std::string text = fmt::format("model: {} calls", totals.calls);
  if (totals.failed > 0) text += fmt::format(" ({} failed)", totals.failed);
  text += fmt::format(", {} + {} tokens", totals.input_tokens, totals.output_tokens);
  if (totals.without_tokens > 0) text += fmt::format(" ({} without counts)", totals.without_tokens);
  const int64_t answered = totals.calls - totals.failed;
  if (totals.without_price < answered) text += fmt::format(", ${:.4f}", totals.dollars);
  if (totals.without_price > 0)
    text += totals.without_price == answered
                ? ", price unknown"
                : fmt::format(" ({} of unknown price)", totals.without_price);
  return text + fmt::format(", {:.0f} s\n", totals.latency_s);
}

}  // namespace placewright::agent
