// SPDX-License-Identifier: Apache-2.0
#include "llm/capabilities.h"

#include "llm/wire/json_access.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

json parsed(const std::optional<std::string>& text) { return text ? parse_json(*text) : json(); }

/// Stores the models from `GET models`; returns their owner as the server names it.
std::string list_models(const json& answer, Capabilities& capabilities) {
  std::string owner;
  const json* data = member(answer, "data");
  if (data == nullptr || !data->is_array()) return owner;
  for (const json& entry : *data) {
    capabilities.models.push_back(text_at(entry, "id"));
    if (owner.empty()) owner = text_at(entry, "owned_by");
  }
  return owner;
}

/// llama.cpp and vLLM serve information about themselves next to the protocol's path, not below it.
std::string beside(std::string base_url) {
  constexpr std::string_view kVersion = "/v1";
  if (base_url.ends_with(kVersion)) base_url.resize(base_url.size() - kVersion.size());
  return base_url;
}

void probe_openai(const std::string& base_url, const Ask& ask, Capabilities& capabilities) {
  const std::string owner = list_models(parsed(ask(base_url + "/models", "")), capabilities);
  const bool is_official = owner == "openai" || owner == "system" || owner == "openai-internal";
  if (is_official) {
    capabilities.server = "OpenAI";
    return;
  }
  const bool is_llama = owner == "llamacpp" || member(parsed(ask(beside(base_url) + "/props", "")),
                                                      "default_generation_settings") != nullptr;
  if (is_llama) {
    capabilities.server = "llama.cpp";
    capabilities.grammar = GrammarField::Grammar;
    return;
  }
  if (owner == "vllm") {
    capabilities.server = "vLLM";
    if (const std::string version =
            text_at(parsed(ask(beside(base_url) + "/version", "")), "version");
        !version.empty())
      capabilities.server += " " + version;
    capabilities.grammar = GrammarField::StructuredOutputs;
  }
}

void probe_ollama(const std::string& base_url, const std::string& model, const Ask& ask,
                  Capabilities& capabilities) {
  const std::string version = text_at(parsed(ask(base_url + "/api/version", "")), "version");
  if (!version.empty()) capabilities.server = "Ollama " + version;
  if (const json tags = parsed(ask(base_url + "/api/tags", ""));
      member(tags, "models") != nullptr) {
    for (const json& entry : *member(tags, "models"))
      capabilities.models.push_back(text_at(entry, "name"));
  }
  const json shown = parsed(ask(base_url + "/api/show", json{{"model", model}}.dump()));
  const json* info = member(shown, "model_info");
  if (info == nullptr || !info->is_object()) return;
  for (const auto& [name, value] : info->items()) {
    if (name.ends_with(".context_length") && value.is_number_integer())
      capabilities.context_tokens = value.get<int64_t>();
  }
}

}  // namespace

std::string_view to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::OpenAiChat:
      return "chat";
    case Protocol::OpenAiResponses:
      return "responses";
    case Protocol::Anthropic:
      return "anthropic";
    case Protocol::Ollama:
      return "ollama";
  }
  return "";
}

Capabilities assumed_capabilities(Protocol protocol) {
  Capabilities capabilities;
  capabilities.schema = SchemaField::Format;
  capabilities.lark = protocol == Protocol::OpenAiResponses;
  capabilities.seed = protocol == Protocol::OpenAiChat || protocol == Protocol::Ollama;
  return capabilities;
}

Capabilities probe(Protocol protocol, const std::string& base_url, const std::string& model,
                   const Ask& ask) {
  Capabilities capabilities = assumed_capabilities(protocol);
  switch (protocol) {
    case Protocol::OpenAiChat:
      probe_openai(base_url, ask, capabilities);
      break;
    case Protocol::Ollama:
      probe_ollama(base_url, model, ask, capabilities);
      break;
    case Protocol::OpenAiResponses:
    case Protocol::Anthropic:
      list_models(parsed(ask(base_url + "/models", "")), capabilities);
      break;
  }
  return capabilities;
}

Constraint choose_constraint(const OutputForm& form, const Capabilities& capabilities) {
  if (!form.gbnf.empty() && capabilities.grammar != GrammarField::None) return Constraint::Gbnf;
  if (!form.lark.empty() && capabilities.lark) return Constraint::Lark;
  if (!form.json_schema.empty() && capabilities.schema != SchemaField::None)
    return Constraint::JsonSchema;
  return Constraint::None;
}

Request worded_for(Constraint constraint, Request request) {
  const bool has_own = constraint == Constraint::JsonSchema && !request.form.json_system.empty();
  if (has_own && !request.messages.empty())
    request.messages.front().text = request.form.json_system;
  return request;
}

}  // namespace placewright::llm
