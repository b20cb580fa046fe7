// SPDX-License-Identifier: Apache-2.0
// Anthropic's messages.
#include "llm/wire/codec.h"
#include "llm/wire/json_access.h"
#include "llm/wire/server_error.h"
#include "llm/wire/strict_schema.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

void constrain(const Request& request, const Capabilities& capabilities, Constraint constraint,
               json& body) {
  if (constraint != Constraint::JsonSchema) return;
  json schema = bounded_as(capabilities.schema, parse_json(request.form.json_schema));
  if (capabilities.schema != SchemaField::Tool) {
    body["output_config"] = {{"format", {{"type", "json_schema"}, {"schema", std::move(schema)}}}};
  } else {
    body["tools"] = json::array({{{"name", kAnswerName},
                                  {"description", "Takes the whole answer."},
                                  {"input_schema", std::move(schema)}}});
    body["tool_choice"] = {{"type", "tool"}, {"name", kAnswerName}};
  }
}

/// The counts of a stream come in two parts, the later one with what has become of the output.
void read_usage(const json& holder, Usage& usage) {
  const json* counts = member(holder, "usage");
  if (counts == nullptr) return;
  if (const std::optional<int64_t> fresh = number_at(*counts, "input_tokens")) {
    const int64_t read = number_at(*counts, "cache_read_input_tokens").value_or(0);
    usage.cached = read;
    usage.input = *fresh + read + number_at(*counts, "cache_creation_input_tokens").value_or(0);
  }
  if (const std::optional<int64_t> output = number_at(*counts, "output_tokens"))
    usage.output = output;
}

void read_stop(const json& holder, Answer& answer) {
  const std::string reason = text_at(holder, "stop_reason");
  if (reason.empty()) return;
  answer.finish = reason;
  answer.truncated = reason == "max_tokens" || reason == "model_context_window_exceeded";
  if (reason == "refusal") {
    const json* details = member(holder, "stop_details");
    const std::string why = details == nullptr ? "" : text_at(*details, "explanation");
    answer.refusal = why.empty() ? "stop reason `refusal`" : why;
  }
}

void read_delta(const json& delta, Answer& answer) {
  const std::string type = text_at(delta, "type");
  if (type == "text_delta") answer.text += text_at(delta, "text");
  if (type == "input_json_delta") answer.tool_text += text_at(delta, "partial_json");
  if (type == "thinking_delta") answer.reasoned = true;
}

void read_message(const json& message, Answer& answer) {
  if (answer.model.empty()) answer.model = text_at(message, "model");
  if (answer.id.empty()) answer.id = text_at(message, "id");
  read_usage(message, answer.usage);
  read_stop(message, answer);
  const json* content = member(message, "content");
  if (content == nullptr || !content->is_array()) return;
  for (const json& block : *content) {
    if (text_at(block, "type") == "text") answer.text += text_at(block, "text");
    if (text_at(block, "type") == "thinking") answer.reasoned = true;
    const json* input = member(block, "input");
    if (text_at(block, "type") == "tool_use" && input != nullptr)
      answer.tool_text = dump_json(*input);
  }
}

class AnthropicCodec : public Codec {
 public:
  WireRequest encode(const Request& request, const std::string& model,
                     const Capabilities& capabilities) const override {
    WireRequest wire{.path = "/messages",
                     .constraint = choose_constraint(request.form, capabilities),
                     .output_tokens = output_limit(request, capabilities)};
    std::string system;
    json messages = json::array();
    for (const Message& message : messages_for(request, capabilities)) {
      if (message.role == Role::System) {
        system += (system.empty() ? "" : "\n\n") + message.text;
      } else {
        messages.push_back({{"role", to_string(message.role)}, {"content", message.text}});
      }
    }
    json body = {
        {"model", model}, {"messages", std::move(messages)}, {"max_tokens", *wire.output_tokens}};
    if (capabilities.streaming) body["stream"] = true;
    if (!system.empty()) body["system"] = system;
    if (request.temperature && capabilities.temperature) body["temperature"] = *request.temperature;
    constrain(request, capabilities, wire.constraint, body);
    wire.body = dump_json(body);
    return wire;
  }

  void fold(const json& event, Answer& answer) const override {
    const std::string type = text_at(event, "type");
    if (type == "error") {
      answer.error = read_stream_error(event);
    } else if (type == "message") {
      read_message(event, answer);
      answer.ended = true;
    } else if (const json* message = member(event, "message"); type == "message_start" && message) {
      read_message(*message, answer);
    } else if (const json* delta = member(event, "delta"); delta != nullptr) {
      if (type == "content_block_delta") read_delta(*delta, answer);
      if (type == "message_delta") {
        read_stop(*delta, answer);
        read_usage(event, answer.usage);
      }
    } else if (type == "message_stop") {
      answer.ended = true;
    } else {
      return;
    }
    answer.understood = true;
  }
};

}  // namespace

const Codec& anthropic_codec() {
  static const AnthropicCodec codec;
  return codec;
}

}  // namespace placewright::llm
