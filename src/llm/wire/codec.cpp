// SPDX-License-Identifier: Apache-2.0
#include "llm/wire/codec.h"

#include <fmt/core.h>

#include <algorithm>

#include "llm/reasoning.h"
#include "llm/utf8.h"
#include "llm/wire/json_access.h"
#include "llm/wire/server_error.h"

namespace placewright::llm {
namespace {

// Prose has 4 to 5 bytes per token and code about 3; more than 7 is very rare, so a server that
// counts fewer tokens than that did not read all of the prompt. Short prompts prove nothing.
constexpr int64_t kMaxBytesPerToken = 7;
constexpr int64_t kLeastBytes = 4096;

int64_t prompt_bytes(const Request& request) {
  int64_t bytes = 0;
  for (const Message& message : request.messages)
    bytes += static_cast<int64_t>(message.text.size());
  return bytes;
}

bool was_cut_silently(const Answer& answer, const Request& request) {
  const int64_t bytes = prompt_bytes(request);
  return answer.usage.input && bytes >= kLeastBytes &&
         *answer.usage.input * kMaxBytesPerToken < bytes;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Why a finished answer is none.
std::optional<ModelError> fault_of(const Answer& answer, const Request& request) {
  if (answer.error) return answer.error->error;
  if (!answer.refusal.empty()) {
    return ModelError{
        Failure::Refused,
        {fmt::format("the model declined to answer: {}", excerpt(answer.refusal, 300)),
         "rephrase the request, or use another model"}};
  }
  if (!answer.understood || answer.damaged) {
    return ModelError{Failure::Garbage,
                      {"the server's answer does not follow the expected protocol",
                       "is this the address of a language model?"}};
  }
  if (!answer.ended)
    return ModelError{Failure::CutStream, {"the answer was cut off before its end", "try again"}};
  if (!was_cut_silently(answer, request)) return std::nullopt;
  return ModelError{
      Failure::ContextTooLong,
      {fmt::format("the server read {} tokens of a prompt of {} bytes: it silently cut the prompt",
                   *answer.usage.input, prompt_bytes(request)),
       "raise the server's context length (OLLAMA_CONTEXT_LENGTH), or use a model with a longer "
       "one"}};
}

ModelError only_reasoning(int64_t tokens) {
  return {Failure::OnlyReasoning,
          {fmt::format("the model spent all {} tokens of its answer on reasoning and gave none",
                       tokens),
           "allow longer answers (--answer-tokens), or have the model reason less"}};
}

}  // namespace

int64_t output_limit(const Request& request, const Capabilities& capabilities) {
  const int64_t wanted = request.max_output_tokens;
  return std::min(wanted, capabilities.output_tokens.value_or(wanted));
}

std::vector<Message> messages_for(const Request& request, const Capabilities& capabilities) {
  if (capabilities.system_role) return request.messages;
  std::string system;
  std::vector<Message> messages;
  for (const Message& message : request.messages) {
    if (message.role == Role::System) {
      system += message.text + "\n\n";
    } else {
      messages.push_back(message);
    }
  }
  if (system.empty()) return messages;
  const bool begins_with_question = !messages.empty() && messages.front().role == Role::User;
  if (!begins_with_question) messages.insert(messages.begin(), Message{Role::User, ""});
  messages.front().text = system + messages.front().text;
  return messages;
}

const Codec& codec(Protocol protocol) {
  switch (protocol) {
    case Protocol::OpenAiChat:
      return chat_codec();
    case Protocol::OpenAiResponses:
      return responses_codec();
    case Protocol::Anthropic:
      return anthropic_codec();
    case Protocol::Ollama:
      break;
  }
  return ollama_codec();
}

bool fold_error(const nlohmann::json& event, Answer& answer) {
  if (member(event, "error") == nullptr) return false;
  answer.understood = true;
  answer.error = read_stream_error(event);
  return true;
}

Completion conclude(const Answer& answer, const Request& request, const WireRequest& sent) {
  const int64_t limit = sent.output_tokens.value_or(request.max_output_tokens);
  const Unreasoned unreasoned = without_reasoning(answer.text);
  Reply reply;
  reply.text = answer.tool_text.empty() ? unreasoned.text : answer.tool_text;
  // llama.cpp's responses call an answer completed that ran into its limit.
  reply.truncated = answer.truncated || answer.usage.output.value_or(0) >= limit;
  std::optional<ModelError> fault = fault_of(answer, request);
  const bool reasoned =
      answer.reasoned || unreasoned.reasoned || answer.usage.reasoning.value_or(0) > 0;
  if (!fault && reasoned && reply.truncated && is_blank(reply.text))
    fault = only_reasoning(answer.usage.output.value_or(limit));
  if (fault) {
    fault->usage = answer.usage;
    return tl::unexpected(*fault);
  }
  reply.finish = answer.finish;
  reply.usage = answer.usage;
  reply.model = answer.model;
  reply.request_id = answer.id;
  reply.constraint = sent.constraint;
  return reply;
}

}  // namespace placewright::llm
