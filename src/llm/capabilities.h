// SPDX-License-Identifier: Apache-2.0
// What a server can do, determined by asking it and from its refusals, never from a model's name.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "llm/language_model.h"

namespace placewright::llm {

enum class Protocol { OpenAiChat, OpenAiResponses, Anthropic, Ollama };
/// "chat", "responses", "anthropic", "ollama".
[[nodiscard]] std::string_view to_string(Protocol protocol);

enum class GrammarField { None, Grammar /* llama.cpp */, StructuredOutputs /* vLLM */ };
enum class SchemaField {
  None,
  Format,
  UnboundedFormat, /* without the longest and largest of anything */
  Tool             /* Anthropic before it had a format */
};
enum class LimitField { MaxTokens, MaxCompletionTokens };

struct Capabilities {
  std::string server;  ///< "llama.cpp", "vLLM", "Ollama 0.9.1", ...; empty if unknown.
  GrammarField grammar = GrammarField::None;
  bool lark = false;
  SchemaField schema = SchemaField::None;
  LimitField limit = LimitField::MaxTokens;
  bool temperature = true;
  bool seed = true;
  bool streaming = true;                  ///< Takes `stream`; otherwise answers arrive whole.
  bool stream_usage = true;               ///< Takes `stream_options`.
  bool system_role = true;                ///< Takes a system's text apart from the questions.
  std::optional<int64_t> output_tokens;   ///< The most that an answer may have.
  std::optional<int64_t> context_tokens;  ///< Ollama only, where the request sets the context size.
  std::vector<std::string> models;        ///< As the server lists them.
  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

/// The assumptions about a server of this protocol until it says otherwise.
[[nodiscard]] Capabilities assumed_capabilities(Protocol protocol);

/// Sends a GET, or a POST if there is a body. nullopt unless the server answers 200.
using Ask =
    std::function<std::optional<std::string>(const std::string& url, const std::string& body)>;

/// Asks a server what it is. `base_url` is where the protocol begins ("http://127.0.0.1:8080/v1").
/// Capabilities that it does not report stay as assumed.
[[nodiscard]] Capabilities probe(Protocol protocol, const std::string& base_url,
                                 const std::string& model, const Ask& ask);

/// The strongest constraint that both the form and the server offer.
[[nodiscard]] Constraint choose_constraint(const OutputForm& form,
                                           const Capabilities& capabilities);
/// The request with the first message that belongs to the constraint.
[[nodiscard]] Request worded_for(Constraint constraint, Request request);

}  // namespace placewright::llm
