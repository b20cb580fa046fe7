// SPDX-License-Identifier: Apache-2.0
// The four protocols as pure functions that encode requests and decode answers. No network, no
// keys, no retries.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "llm/capabilities.h"
#include "llm/language_model.h"
#include "support/json.h"

namespace placewright::llm {

struct WireRequest {
  std::string path;  ///< Below the endpoint's base.
  std::string body;
  Constraint constraint = Constraint::None;
  std::optional<int64_t> context_tokens;  ///< The requested context size (Ollama).
  std::optional<int64_t> output_tokens;   ///< The most that the answer may have.
};

/// An error that the server reports, in an HTTP error or inside a stream.
struct ServerError {
  ModelError error;
  std::string parameter;  ///< The request member that caused it; may be empty.
  std::string text;       ///< The server's own words.
};

/// An answer as far as it has arrived.
struct Answer {
  std::string text;
  std::string tool_text;  ///< Input of the tool that carries a constrained answer.
  bool reasoned = false;  ///< Reasoning came, which is not kept.
  std::string finish;
  bool truncated = false;
  bool ended = false;       ///< The protocol's end was seen.
  bool understood = false;  ///< Something matched the protocol.
  bool damaged = false;     ///< Something in between was not JSON.
  std::string refusal;      ///< Why there is no answer; not empty when refused.
  Usage usage;
  std::string model;
  std::string id;
  std::optional<ServerError> error;
};

class Codec {
 public:
  virtual ~Codec() = default;
  /// `form.json_schema` must be JSON or empty.
  [[nodiscard]] virtual WireRequest encode(const Request& request, const std::string& model,
                                           const Capabilities& capabilities) const = 0;
  /// Adds a streamed event, or a whole answer that was not streamed. Unknown events change nothing.
  virtual void fold(const nlohmann::json& event, Answer& answer) const = 0;
};

/// The most tokens that the answer may have: what is wanted, or less where the server allows less.
[[nodiscard]] int64_t output_limit(const Request& request, const Capabilities& capabilities);
/// The messages to send. For a server that takes no system's text it is put in front of the first
/// question.
[[nodiscard]] std::vector<Message> messages_for(const Request& request,
                                                const Capabilities& capabilities);

/// Immutable, for all threads.
[[nodiscard]] const Codec& codec(Protocol protocol);
[[nodiscard]] const Codec& chat_codec();
[[nodiscard]] const Codec& responses_codec();
[[nodiscard]] const Codec& anthropic_codec();
[[nodiscard]] const Codec& ollama_codec();

/// Stores an event's error, if any, and returns whether there was one.
bool fold_error(const nlohmann::json& event, Answer& answer);

/// The result of a finished answer: a reply, or Refused, Garbage, CutStream, ContextTooLong,
/// OnlyReasoning, or the server's own error. Fills only the members of the reply that come from the
/// server, of an error its token counts too.
[[nodiscard]] Completion conclude(const Answer& answer, const Request& request,
                                  const WireRequest& sent);

/// The name of the tool, or the format, that carries a constrained answer.
inline constexpr std::string_view kAnswerName = "answer";

}  // namespace placewright::llm
