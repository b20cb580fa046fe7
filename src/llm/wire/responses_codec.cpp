// SPDX-License-Identifier: Apache-2.0
// OpenAI's responses: the protocol whose custom tools take a grammar.
#include "llm/wire/codec.h"
#include "llm/wire/json_access.h"
#include "llm/wire/server_error.h"
#include "llm/wire/strict_schema.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

void constrain(const Request& request, const Capabilities& capabilities, Constraint constraint,
               json& body) {
  if (constraint == Constraint::Lark) {
    body["tools"] = json::array(
        {{{"type", "custom"},
          {"name", kAnswerName},
          {"description", "Takes the whole answer."},
          {"format",
           {{"type", "grammar"}, {"syntax", "lark"}, {"definition", request.form.lark}}}}});
    body["tool_choice"] = {{"type", "custom"}, {"name", kAnswerName}};
  } else if (constraint == Constraint::JsonSchema) {
    body["text"] = {
        {"format",
         {{"type", "json_schema"},
          {"name", kAnswerName},
          {"strict", true},
          {"schema", strict_schema(parse_json(request.form.json_schema), capabilities.schema)}}}};
  }
}

void read_usage(const json& response, Usage& usage) {
  const json* counts = member(response, "usage");
  if (counts == nullptr) return;
  read_number(*counts, "input_tokens", usage.input);
  read_number(*counts, "output_tokens", usage.output);
  if (const json* details = member(*counts, "input_tokens_details"))
    read_number(*details, "cached_tokens", usage.cached);
  if (const json* details = member(*counts, "output_tokens_details"))
    read_number(*details, "reasoning_tokens", usage.reasoning);
}

/// The items of a finished response replace the text assembled from its parts.
void read_output(const json& output, Answer& answer) {
  std::string text, tool_text;
  for (const json& item : output) {
    if (text_at(item, "type") == "custom_tool_call") tool_text += text_at(item, "input");
    if (text_at(item, "type") == "reasoning") answer.reasoned = true;
    const json* content = member(item, "content");
    if (text_at(item, "type") != "message" || content == nullptr || !content->is_array()) continue;
    for (const json& part : *content) {
      if (text_at(part, "type") == "output_text") text += text_at(part, "text");
      if (text_at(part, "type") == "refusal") answer.refusal = text_at(part, "refusal");
    }
  }
  if (!text.empty()) answer.text = std::move(text);
  if (!tool_text.empty()) answer.tool_text = std::move(tool_text);
}

void read_response(const json& response, Answer& answer) {
  answer.understood = true;
  if (answer.model.empty()) answer.model = text_at(response, "model");
  if (answer.id.empty()) answer.id = text_at(response, "id");
  read_usage(response, answer.usage);
  const std::string status = text_at(response, "status");
  if (status == "failed") {
    answer.ended = true;
    answer.error = read_stream_error(response);
  } else if (status == "completed" || status == "incomplete") {
    answer.ended = true;
    answer.finish = status;
    if (const json* output = member(response, "output"); output != nullptr && output->is_array())
      read_output(*output, answer);
  }
  if (const json* details = member(response, "incomplete_details")) {
    answer.finish = text_at(*details, "reason");
    answer.truncated = answer.finish != "content_filter";
    if (answer.finish == "content_filter") answer.refusal = "a content filter stopped the answer";
  }
}

class ResponsesCodec : public Codec {
 public:
  WireRequest encode(const Request& request, const std::string& model,
                     const Capabilities& capabilities) const override {
    WireRequest wire{.path = "/responses",
                     .constraint = choose_constraint(request.form, capabilities),
                     .output_tokens = output_limit(request, capabilities)};
    std::string instructions;
    json input = json::array();
    for (const Message& message : messages_for(request, capabilities)) {
      if (message.role == Role::System) {
        instructions += (instructions.empty() ? "" : "\n\n") + message.text;
      } else {
        input.push_back({{"role", to_string(message.role)}, {"content", message.text}});
      }
    }
    json body = {{"model", model},
                 {"store", false},
                 {"input", std::move(input)},
                 {"max_output_tokens", *wire.output_tokens}};
    if (capabilities.streaming) body["stream"] = true;
    if (!instructions.empty()) body["instructions"] = instructions;
    if (request.temperature && capabilities.temperature) body["temperature"] = *request.temperature;
    constrain(request, capabilities, wire.constraint, body);
    wire.body = dump_json(body);
    return wire;
  }

  void fold(const json& event, Answer& answer) const override {
    const std::string type = text_at(event, "type");
    if (type == "error" || (type.empty() && member(event, "error") != nullptr &&
                            text_at(event, "object") != "response")) {
      answer.understood = true;
      answer.error = read_stream_error(event);
    } else if (type == "response.output_text.delta") {
      answer.understood = true;
      answer.text += text_at(event, "delta");
    } else if (type == "response.custom_tool_call_input.delta") {
      answer.understood = true;
      answer.tool_text += text_at(event, "delta");
    } else if (type == "response.refusal.delta") {
      answer.understood = true;
      answer.refusal += text_at(event, "delta");
    } else if (type.starts_with("response.reasoning")) {
      answer.understood = true;
      answer.reasoned = true;
    } else if (const json* response = member(event, "response")) {
      read_response(*response, answer);
    } else if (text_at(event, "object") == "response") {
      read_response(event, answer);
    }
  }
};

}  // namespace

const Codec& responses_codec() {
  static const ResponsesCodec codec;
  return codec;
}

}  // namespace placewright::llm
