// SPDX-License-Identifier: Apache-2.0
// What a server can do, found by asking it and by what it refuses; never by the name of a model.
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
enum class SchemaField { None, Format, Tool /* Anthropic before it had a format */ };
enum class LimitField { MaxTokens, MaxCompletionTokens };

struct Capabilities {
  std::string server;  ///< "llama.cpp", "vLLM", "Ollama 0.9.1", ...; empty where it does not tell.
  GrammarField grammar = GrammarField::None;
  bool lark = false;
  SchemaField schema = SchemaField::None;
  LimitField limit = LimitField::MaxTokens;
  bool temperature = true;
  bool seed = true;
  bool stream_usage = true;  ///< Takes `stream_options`.
  std::optional<int64_t>
      context_tokens;               ///< Ollama only, which has to be told how much it may use.
  std::vector<std::string> models;  ///< As the server lists them.
  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

/// What a server of this protocol is taken to do before it says anything else.
[[nodiscard]] Capabilities assumed_capabilities(Protocol protocol);

/// Asks an address: GET, or POST where there is a body. Nothing unless the server answers 200.
using Ask =
    std::function<std::optional<std::string>(const std::string& url, const std::string& body)>;

/// Asks a server what it is. `base_url` is where the protocol begins ("http://127.0.0.1:8080/v1").
/// What it does not answer stays as assumed.
[[nodiscard]] Capabilities probe(Protocol protocol, const std::string& base_url,
                                 const std::string& model, const Ask& ask);

/// The strongest constraint that both the form and the server offer.
[[nodiscard]] Constraint choose_constraint(const OutputForm& form,
                                           const Capabilities& capabilities);

/// What is learned from a refused request.
struct Lesson {
  Capabilities capabilities;  ///< To try again with.
  /// The server does not know the parameter, so all requests can do without. Otherwise only this
  /// one is to blame, as with a grammar that the server cannot read.
  bool lasting = true;
};

/// Looks for the parameter that a refusal names among those that were sent. Nothing where it names
/// none that could be left out.
[[nodiscard]] std::optional<Lesson> learn(Protocol protocol, const Capabilities& used,
                                          const Request& request, std::string_view parameter,
                                          std::string_view message);

}  // namespace placewright::llm
