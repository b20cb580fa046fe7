// SPDX-License-Identifier: Apache-2.0
#include "llm/wire/codec.h"

#include <fmt/core.h>

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

}  // namespace

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
  if (answer.error) return tl::unexpected(answer.error->error);
  if (!answer.refusal.empty()) {
    return fail(Failure::Refused,
                fmt::format("the model declined to answer: {}", excerpt(answer.refusal, 300)),
                "rephrase the request, or use another model");
  }
  if (!answer.understood || answer.damaged) {
    return fail(Failure::Garbage, "the server's answer does not follow the expected protocol",
                "is this the address of a language model?");
  }
  if (!answer.ended)
    return fail(Failure::CutStream, "the answer was cut off before its end", "try again");
  if (was_cut_silently(answer, request)) {
    return fail(
        Failure::ContextTooLong,
        fmt::format("the server read {} tokens of a prompt of {} bytes: it silently cut the prompt",
                    *answer.usage.input, prompt_bytes(request)),
        "raise the server's context length (OLLAMA_CONTEXT_LENGTH), or use a model with a "
        "longer one");
  }
  Reply reply;
  reply.text = answer.tool_text.empty() ? answer.text : answer.tool_text;
  // llama.cpp's responses call an answer completed that ran into its limit.
  reply.truncated =
      answer.truncated || answer.usage.output.value_or(0) >= request.max_output_tokens;
  reply.finish = answer.finish;
  reply.usage = answer.usage;
  reply.model = answer.model;
  reply.request_id = answer.id;
  reply.constraint = sent.constraint;
  return reply;
}

}  // namespace placewright::llm
