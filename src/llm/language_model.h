// SPDX-License-Identifier: Apache-2.0
// The interface to language models: one request, one answer. Hides the implementation (a server, a
// recording, a script). Knows nothing about mappings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace placewright::llm {

enum class Role { System, User, Assistant };
[[nodiscard]] std::string_view to_string(Role role);
[[nodiscard]] std::optional<Role> parse_role(std::string_view word);

struct Message {
  Role role = Role::User;
  std::string text;
  friend bool operator==(const Message&, const Message&) = default;
};

/// How an answer may be constrained; an endpoint uses the strongest form that it supports. Empty:
/// not offered. All three describe the same answers.
struct OutputForm {
  std::string gbnf;         ///< A grammar in llama.cpp's notation, start rule `root`.
  std::string lark;         ///< A grammar in Lark's notation, start rule `start`.
  std::string json_schema;  ///< A JSON schema, as JSON text.
  /// The first message where the schema is used; empty: that of the request. It can show the form
  /// of the JSON and leave out what only other forms need.
  std::string json_system = {};
  friend bool operator==(const OutputForm&, const OutputForm&) = default;
};

/// From weakest to strongest.
enum class Constraint { None, JsonSchema, Lark, Gbnf };
/// "none", "json-schema", "lark", "gbnf".
[[nodiscard]] std::string_view to_string(Constraint constraint);
[[nodiscard]] std::optional<Constraint> parse_constraint(std::string_view word);

struct Request {
  std::vector<Message> messages;
  OutputForm form;
  int max_output_tokens = 4096;
  std::optional<double> temperature;
  std::optional<uint64_t> seed;
  std::string prompt;  ///< Name and version of the prompt files, for records; not sent.
};

/// Tokens, as the server counts them; unset if it does not report them.
struct Usage {
  std::optional<int64_t> input;      ///< The whole prompt, cached tokens included.
  std::optional<int64_t> output;     ///< Reasoning included.
  std::optional<int64_t> cached;     ///< Part of `input`.
  std::optional<int64_t> reasoning;  ///< Part of `output`.
  friend bool operator==(const Usage&, const Usage&) = default;
};

struct Reply {
  std::string text;
  /// The model reached a token limit: `text` is incomplete.
  bool truncated = false;
  std::string finish;  ///< The server's own word for why it stopped.
  Usage usage;
  std::optional<double> dollars;  ///< Unset if the price or the usage is unknown.
  double latency_s = 0;           ///< All attempts and the waiting between them.
  int attempts = 1;
  std::string model;       ///< As the server names it.
  std::string request_id;  ///< The server's, for its support; may be empty.
  /// The constraint that was requested. A server may have ignored it: check the answer.
  Constraint constraint = Constraint::None;
  bool replayed = false;  ///< From a cassette.
};

enum class Failure {
  NoKey,           ///< The endpoint wants a key and there is none.
  BadKey,          ///< The key was refused.
  Forbidden,       ///< The key may not do this.
  UnknownModel,    ///< No such model there.
  QuotaExhausted,  ///< No money left, or a spending limit reached.
  RateLimited,     ///< Too many requests, still so after the retries.
  ContextTooLong,  ///< The prompt does not fit.
  BadRequest,      ///< The server does not accept the request, or has no such address.
  Refused,         ///< The model or a filter declined to answer.
  OnlyReasoning,   ///< The answer's limit was reached before the reasoning ended.
  ServerError,     ///< A fault of the server.
  Overloaded,      ///< The server is too busy or still loading.
  Unreachable,     ///< No connection, or closed before an answer began.
  Timeout,         ///< The whole call took too long.
  Stalled,         ///< Nothing arrived for too long.
  CutStream,       ///< The answer broke off.
  Garbage,         ///< The response is not an answer of the protocol.
  TooLarge,        ///< The answer is larger than allowed.
  CassetteMiss,    ///< The recording has no such request.
  BudgetSpent,     ///< The call could exceed the budget and was not sent.
  Cancelled        ///< The caller cancelled the call.
};
/// "no-key", ...: stable words for records and messages.
[[nodiscard]] std::string_view to_string(Failure failure);
[[nodiscard]] std::optional<Failure> parse_failure(std::string_view word);

struct ModelError {
  Failure failure = Failure::ServerError;
  Error error;  ///< Never holds a key.
  int attempts = 0;
  double latency_s = 0;
  Usage usage;                    ///< The last attempt's, as far as the server reports it.
  std::optional<double> dollars;  ///< What that costs; unset if unknown.
};

using placewright::fail;
/// `return fail(Failure::NoKey, "...", "...");` in a function that returns a ModelError.
[[nodiscard]] inline tl::unexpected<ModelError> fail(Failure failure, std::string message,
                                                     std::string help = {}) {
  return tl::unexpected<ModelError>(
      ModelError{failure, Error{std::move(message), std::move(help)}});
}

using Completion = tl::expected<Reply, ModelError>;

class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  /// Thread-safe. Returns a complete answer, or a failure once retrying is pointless.
  [[nodiscard]] virtual Completion complete(const Request& request) = 0;
  /// "openai:gpt-x", as a person would write it; part of what a cassette recognises.
  [[nodiscard]] virtual std::string name() const = 0;
};

/// An estimate of a text's tokens: one per four bytes, which tends to be too many for prose.
[[nodiscard]] int64_t estimate_tokens(std::string_view text);
[[nodiscard]] int64_t estimate_tokens(const Request& request);

}  // namespace placewright::llm
