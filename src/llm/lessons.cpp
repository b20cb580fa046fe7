// SPDX-License-Identifier: Apache-2.0
#include "llm/lessons.h"

#include <algorithm>
#include <string>

#include "llm/token_limits.h"
#include "support/text.h"

namespace placewright::llm {
namespace {

bool is_name(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '_'; }

/// Whether a text in lower case has the word or its plural, not as a part of a longer one.
bool has_word(std::string_view text, std::string_view word) {
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const size_t past = at + word.size();
    const size_t end = past + (text.substr(past).starts_with('s') ? 1 : 0);
    const bool begins = at == 0 || !is_name(text[at - 1]) || !is_name(word.front());
    const bool ends = end == text.size() || !is_name(text[end]) || !is_name(word.back());
    if (begins && ends) return true;
  }
  return false;
}

bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return has_word(text, word); });
}

/// A refusal: the parameter it names, and its message in lower case.
struct Refusal {
  std::string_view parameter;
  std::string message;

  [[nodiscard]] bool names(std::initializer_list<std::string_view> words) const {
    return std::ranges::any_of(words, [&](std::string_view word) {
      return parameter == word || parameter.starts_with(std::string(word) + ".") ||
             has_word(message, word);
    });
  }
};

/// Whether a refusal says that the server has no such parameter at all.
bool says_unknown(std::string_view message) {
  return has_any(message,
                 {"unsupported",     "not supported",   "does not support", "doesn't support",
                  "unknown",         "unrecognized",    "unrecognised",     "not permitted",
                  "extra inputs",    "deprecated",      "not allowed",      "unexpected",
                  "use '",           "not enabled",     "unavailable",      "not available",
                  "not implemented", "does not accept", "verified to",      "no longer"});
}

/// Whether it is the system's text that is refused. Templates that know two roles only say that
/// these must alternate.
bool refuses_system(const Refusal& refusal) {
  const bool is_role =
      refusal.parameter.starts_with("messages") && refusal.parameter.ends_with("role");
  if (is_role || refusal.parameter == "system" || refusal.parameter == "instructions") return true;
  const std::string_view text = refusal.message;
  if (has_any(text, {"roles must alternate", "only user and assistant roles"})) return true;
  const bool names_role = has_any(
      text, {"system role", "role system", "role: system", "role 'system'", "role \"system\"",
             "role `system`", "'system' role", "\"system\" role", "`system` role", "system message",
             "system prompt", "system instruction", "developer instruction", "developer role",
             "developer message", "instructions"});
  const bool lists_roles =
      has_word(text, "role") && has_any(text, {"'user'", "\"user\"", "`user`"});
  return lists_roles || (names_role && (says_unknown(text) || has_any(text, {"invalid"})));
}

bool refuses_streaming(const Refusal& refusal) {
  if (refusal.parameter == "stream") return true;
  return has_any(refusal.message, {"stream", "streaming", "streamed", "sse"}) &&
         (says_unknown(refusal.message) || has_any(refusal.message, {"invalid"}));
}

/// Keywords of a schema that set a bound, which strict schemas of some servers may not have.
bool refuses_bounds(const Refusal& refusal) {
  return has_any(refusal.message,
                 {"maxlength", "minlength", "maxitems", "minitems", "minimum", "maximum"});
}

/// Removes the constraint that was sent from `capabilities`; false if the refusal is about
/// something else.
bool drop_constraint(Protocol protocol, Constraint sent, const Refusal& refusal,
                     Capabilities& capabilities) {
  switch (sent) {
    case Constraint::Gbnf:
      if (!refusal.names({"grammar", "structured_outputs"})) return false;
      capabilities.grammar = GrammarField::None;
      return true;
    case Constraint::Lark:
      if (!refusal.names({"grammar", "tools", "tool_choice", "custom", "lark"})) return false;
      capabilities.lark = false;
      return true;
    case Constraint::JsonSchema: {
      const bool named =
          refusal.names({"response_format", "json_schema", "schema", "output_config",
                         "output_format", "format", "text.format", "tools", "tool_choice"});
      if (!named) return false;
      const SchemaField used = capabilities.schema;
      const bool has_tool = protocol == Protocol::Anthropic && used != SchemaField::Tool;
      capabilities.schema = has_tool ? SchemaField::Tool : SchemaField::None;
      if (used == SchemaField::Format && refuses_bounds(refusal))
        capabilities.schema = SchemaField::UnboundedFormat;
      return true;
    }
    case Constraint::None:
      return false;
  }
  return false;
}

/// The first parameter that was sent and is named is omitted.
bool drop_parameter(Protocol protocol, const Request& request, const Refusal& refusal,
                    Capabilities& known) {
  const bool has_system = std::ranges::any_of(
      request.messages, [](const Message& message) { return message.role == Role::System; });
  const bool is_chat = protocol == Protocol::OpenAiChat;
  if (request.temperature && known.temperature && refusal.names({"temperature"})) {
    known.temperature = false;
  } else if (request.seed && known.seed && refusal.names({"seed"})) {
    known.seed = false;
  } else if (is_chat && known.streaming && known.stream_usage &&
             refusal.names({"stream_options", "include_usage"})) {
    known.stream_usage = false;
  } else if (known.streaming && refuses_streaming(refusal)) {
    known.streaming = false;
  } else if (is_chat && known.limit == LimitField::MaxTokens && says_unknown(refusal.message) &&
             refusal.names({"max_completion_tokens"})) {
    known.limit = LimitField::MaxCompletionTokens;
  } else if (has_system && known.system_role && refuses_system(refusal)) {
    known.system_role = false;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::optional<Lesson> learn(Protocol protocol, const Capabilities& used, const Request& request,
                            std::string_view parameter, std::string_view message) {
  const Refusal refusal{parameter, lower_case(message)};
  Lesson lesson{.capabilities = used, .lasting = true};
  if (drop_parameter(protocol, request, refusal, lesson.capabilities)) return lesson;
  const std::string about = std::string(parameter) + ": " + refusal.message;
  if (const auto limit = limit_named(about, output_limit(request, used))) {
    lesson.capabilities.output_tokens = limit->tokens;
    lesson.lasting = limit->lasting;
    return lesson;
  }
  const Constraint sent = choose_constraint(request.form, used);
  if (!drop_constraint(protocol, sent, refusal, lesson.capabilities)) return std::nullopt;
  lesson.lasting = says_unknown(refusal.message);
  return lesson;
}

bool can_teach(const ServerError& error) {
  const Failure failure = error.error.failure;
  if (failure == Failure::ServerError) return says_unknown(lower_case(error.text));
  return failure == Failure::BadRequest || failure == Failure::ContextTooLong ||
         failure == Failure::Forbidden;
}

}  // namespace placewright::llm
