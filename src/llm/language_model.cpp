// SPDX-License-Identifier: Apache-2.0
#include "llm/language_model.h"

#include <array>
#include <utility>

namespace placewright::llm {
namespace {

template <class Value, size_t kSize>
using Words = std::array<std::pair<Value, std::string_view>, kSize>;

constexpr Words<Role, 3> kRoles = {
    {{Role::System, "system"}, {Role::User, "user"}, {Role::Assistant, "assistant"}}};

constexpr Words<Constraint, 4> kConstraints = {{{Constraint::None, "none"},
                                                {Constraint::JsonSchema, "json-schema"},
                                                {Constraint::Lark, "lark"},
                                                {Constraint::Gbnf, "gbnf"}}};

constexpr Words<Failure, 21> kFailures = {{{Failure::NoKey, "no-key"},
                                           {Failure::BadKey, "bad-key"},
                                           {Failure::Forbidden, "forbidden"},
                                           {Failure::UnknownModel, "unknown-model"},
                                           {Failure::QuotaExhausted, "quota-exhausted"},
                                           {Failure::RateLimited, "rate-limited"},
                                           {Failure::ContextTooLong, "context-too-long"},
                                           {Failure::BadRequest, "bad-request"},
                                           {Failure::Refused, "refused"},
                                           {Failure::OnlyReasoning, "only-reasoning"},
                                           {Failure::ServerError, "server-error"},
                                           {Failure::Overloaded, "overloaded"},
                                           {Failure::Unreachable, "unreachable"},
                                           {Failure::Timeout, "timeout"},
                                           {Failure::Stalled, "stalled"},
                                           {Failure::CutStream, "cut-stream"},
                                           {Failure::Garbage, "garbage"},
                                           {Failure::TooLarge, "too-large"},
                                           {Failure::CassetteMiss, "cassette-miss"},
                                           {Failure::BudgetSpent, "budget-spent"},
                                           {Failure::Cancelled, "cancelled"}}};

template <class Value, size_t kSize>
std::string_view word_of(const Words<Value, kSize>& words, Value value) {
  for (const auto& [candidate, word] : words) {
    if (candidate == value) return word;
  }
  return "";
}

template <class Value, size_t kSize>
std::optional<Value> value_of(const Words<Value, kSize>& words, std::string_view wanted) {
  for (const auto& [value, word] : words) {
    if (word == wanted) return value;
  }
  return std::nullopt;
}

// Chat templates wrap every message into a few special tokens.
constexpr int64_t kTokensPerMessage = 4;
constexpr size_t kBytesPerToken = 4;

}  // namespace

std::string_view to_string(Role role) { return word_of(kRoles, role); }
std::optional<Role> parse_role(std::string_view word) { return value_of(kRoles, word); }

std::string_view to_string(Constraint constraint) { return word_of(kConstraints, constraint); }
std::optional<Constraint> parse_constraint(std::string_view word) {
  return value_of(kConstraints, word);
}

std::string_view to_string(Failure failure) { return word_of(kFailures, failure); }
std::optional<Failure> parse_failure(std::string_view word) { return value_of(kFailures, word); }

int64_t estimate_tokens(std::string_view text) {
  return static_cast<int64_t>((text.size() + kBytesPerToken - 1) / kBytesPerToken);
}

int64_t estimate_tokens(const Request& request) {
  int64_t tokens = 0;
  for (const Message& message : request.messages)
    tokens += estimate_tokens(message.text) + kTokensPerMessage;
  return tokens;
}

}  // namespace placewright::llm
