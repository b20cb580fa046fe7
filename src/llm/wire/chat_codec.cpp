// SPDX-License-Identifier: Apache-2.0
// OpenAI-compatible chat completions: OpenAI, vLLM, llama.cpp, LM Studio and most gateways.
#include "llm/wire/codec.h"
#include "llm/wire/json_access.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

void constrain(const Request& request, const Capabilities& capabilities, Constraint constraint,
               json& body) {
  if (constraint == Constraint::Gbnf) {
    if (capabilities.grammar == GrammarField::Grammar) {
      body["grammar"] = request.form.gbnf;
    } else {
      body["structured_outputs"] = {{"grammar", request.form.gbnf}};
    }
  } else if (constraint == Constraint::JsonSchema) {
    body["response_format"] = {{"type", "json_schema"},
                               {"json_schema",
                                {{"name", kAnswerName},
                                 {"strict", true},
                                 {"schema", parse_json(request.form.json_schema)}}}};
  }
}

void read_usage(const json& event, Usage& usage) {
  const json* counts = member(event, "usage");
  if (counts == nullptr) return;
  usage.input = number_at(*counts, "prompt_tokens");
  usage.output = number_at(*counts, "completion_tokens");
  if (const json* details = member(*counts, "prompt_tokens_details"))
    usage.cached = number_at(*details, "cached_tokens");
  if (const json* details = member(*counts, "completion_tokens_details"))
    usage.reasoning = number_at(*details, "reasoning_tokens");
}

void read_choice(const json& choice, Answer& answer) {
  const json* message = member(choice, "delta");
  if (message == nullptr) message = member(choice, "message");
  if (message != nullptr) {
    answer.text += text_at(*message, "content");
    answer.refusal += text_at(*message, "refusal");
  }
  const std::string finish = text_at(choice, "finish_reason");
  if (finish.empty()) return;
  answer.finish = finish;
  answer.ended = true;
  answer.truncated = finish == "length";
  if (finish == "content_filter" && answer.refusal.empty())
    answer.refusal = "a content filter stopped the answer";
}

class ChatCodec : public Codec {
 public:
  WireRequest encode(const Request& request, const std::string& model,
                     const Capabilities& capabilities) const override {
    WireRequest wire{.path = "/chat/completions",
                     .constraint = choose_constraint(request.form, capabilities)};
    json body = {{"model", model}, {"stream", true}, {"messages", json::array()}};
    for (const Message& message : request.messages)
      body["messages"].push_back({{"role", to_string(message.role)}, {"content", message.text}});
    body[capabilities.limit == LimitField::MaxTokens ? "max_tokens" : "max_completion_tokens"] =
        request.max_output_tokens;
    if (capabilities.stream_usage) body["stream_options"] = {{"include_usage", true}};
    if (request.temperature && capabilities.temperature) body["temperature"] = *request.temperature;
    if (request.seed && capabilities.seed) body["seed"] = *request.seed;
    constrain(request, capabilities, wire.constraint, body);
    wire.body = dump_json(body);
    return wire;
  }

  void fold(const json& event, Answer& answer) const override {
    if (fold_error(event, answer)) return;
    const json* choices = member(event, "choices");
    if (choices == nullptr || !choices->is_array()) return;
    answer.understood = true;
    if (answer.model.empty()) answer.model = text_at(event, "model");
    if (answer.id.empty()) answer.id = text_at(event, "id");
    read_usage(event, answer.usage);
    if (!choices->empty()) read_choice(choices->front(), answer);
  }
};

}  // namespace

const Codec& chat_codec() {
  static const ChatCodec codec;
  return codec;
}

}  // namespace placewright::llm
