// SPDX-License-Identifier: Apache-2.0
// OpenAI-compatible chat completions: OpenAI, vLLM, llama.cpp, LM Studio and most gateways.
#include "llm/wire/codec.h"
#include "llm/wire/json_access.h"
#include "llm/wire/strict_schema.h"

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
    body["response_format"] = {
        {"type", "json_schema"},
        {"json_schema",
         {{"name", kAnswerName},
          {"strict", true},
          {"schema", strict_schema(parse_json(request.form.json_schema), capabilities.schema)}}}};
  }
}

void read_usage(const json& event, Usage& usage) {
  const json* counts = member(event, "usage");
  if (counts == nullptr) return;
  read_number(*counts, "prompt_tokens", usage.input);
  read_number(*counts, "completion_tokens", usage.output);
  if (const json* details = member(*counts, "prompt_tokens_details"))
    read_number(*details, "cached_tokens", usage.cached);
  if (const json* details = member(*counts, "completion_tokens_details"))
    read_number(*details, "reasoning_tokens", usage.reasoning);
}

/// A message's content is a text, or parts of which some are text and others reasoning.
void read_content(const json& content, Answer& answer) {
  if (content.is_string()) answer.text += content.get_ref<const std::string&>();
  if (!content.is_array()) return;
  for (const json& part : content) {
    const std::string type = text_at(part, "type");
    if (type == "text" || type == "output_text") answer.text += text_at(part, "text");
    if (type == "refusal") answer.refusal += text_at(part, "refusal");
    if (type == "thinking" || type == "reasoning") answer.reasoned = true;
  }
}

/// Members beside the content in which servers send the reasoning: DeepSeek, vLLM and llama.cpp the
/// first, gateways the others.
bool has_reasoning(const json& message) {
  for (const char* name : {"reasoning_content", "reasoning", "reasoning_details", "thinking"}) {
    const json* reasoning = member(message, name);
    if (reasoning != nullptr && !reasoning->empty() && *reasoning != "") return true;
  }
  return false;
}

void read_choice(const json& choice, Answer& answer) {
  const json* message = member(choice, "delta");
  if (message == nullptr) message = member(choice, "message");
  if (message != nullptr) {
    if (const json* content = member(*message, "content")) read_content(*content, answer);
    answer.refusal += text_at(*message, "refusal");
    answer.reasoned = answer.reasoned || has_reasoning(*message);
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
                     .constraint = choose_constraint(request.form, capabilities),
                     .output_tokens = output_limit(request, capabilities)};
    json body = {{"model", model}, {"messages", json::array()}};
    if (capabilities.streaming) body["stream"] = true;
    for (const Message& message : messages_for(request, capabilities))
      body["messages"].push_back({{"role", to_string(message.role)}, {"content", message.text}});
    body[capabilities.limit == LimitField::MaxTokens ? "max_tokens" : "max_completion_tokens"] =
        *wire.output_tokens;
    if (capabilities.streaming && capabilities.stream_usage)
      body["stream_options"] = {{"include_usage", true}};
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
