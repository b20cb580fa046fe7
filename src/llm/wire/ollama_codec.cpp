// SPDX-License-Identifier: Apache-2.0
// Ollama's own chat, which lets a request set the context length; its OpenAI-compatible chat cuts
// long prompts at the server's default.
#include <algorithm>

#include "llm/wire/codec.h"
#include "llm/wire/json_access.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

// Room for prompts that need more tokens than estimated: code has about 3 bytes per token.
constexpr int64_t kBytesPerToken = 2;
constexpr int64_t kStep = 1024;
constexpr int64_t kLeastContext = 4096;

/// Rounded up, so that prompts of similar length do not make the server reload the model.
int64_t wanted_context(const Request& request, const Capabilities& capabilities) {
  int64_t tokens = request.max_output_tokens;
  for (const Message& message : request.messages)
    tokens += static_cast<int64_t>(message.text.size()) / kBytesPerToken;
  tokens = std::max(kLeastContext, (tokens + kStep - 1) / kStep * kStep);
  return std::min(tokens, capabilities.context_tokens.value_or(tokens));
}

class OllamaCodec : public Codec {
 public:
  WireRequest encode(const Request& request, const std::string& model,
                     const Capabilities& capabilities) const override {
    WireRequest wire{.path = "/api/chat",
                     .constraint = choose_constraint(request.form, capabilities),
                     .context_tokens = wanted_context(request, capabilities),
                     .output_tokens = output_limit(request, capabilities)};
    // Without the member, this server streams.
    json body = {{"model", model}, {"stream", capabilities.streaming}, {"messages", json::array()}};
    for (const Message& message : messages_for(request, capabilities))
      body["messages"].push_back({{"role", to_string(message.role)}, {"content", message.text}});
    json& options = body["options"];
    options["num_ctx"] = *wire.context_tokens;
    options["num_predict"] = *wire.output_tokens;
    if (request.temperature && capabilities.temperature)
      options["temperature"] = *request.temperature;
    // The server's seeds are signed 32-bit numbers.
    if (request.seed && capabilities.seed) options["seed"] = *request.seed & 0x7FFFFFFF;
    if (wire.constraint == Constraint::JsonSchema)
      body["format"] = parse_json(request.form.json_schema);
    wire.body = dump_json(body);
    return wire;
  }

  void fold(const json& event, Answer& answer) const override {
    if (fold_error(event, answer)) return;
    const json* message = member(event, "message");
    const json* done = member(event, "done");
    if (message == nullptr && done == nullptr) return;
    answer.understood = true;
    if (answer.model.empty()) answer.model = text_at(event, "model");
    if (message != nullptr) {
      answer.text += text_at(*message, "content");
      answer.reasoned = answer.reasoned || !text_at(*message, "thinking").empty();
    }
    if (done == nullptr || !done->is_boolean() || !done->get<bool>()) return;
    answer.ended = true;
    answer.finish = text_at(event, "done_reason");
    answer.truncated = answer.finish == "length";
    read_number(event, "prompt_eval_count", answer.usage.input);
    read_number(event, "eval_count", answer.usage.output);
  }
};

}  // namespace

const Codec& ollama_codec() {
  static const OllamaCodec codec;
  return codec;
}

}  // namespace placewright::llm
