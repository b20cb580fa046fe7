// SPDX-License-Identifier: Apache-2.0
// Reads new bodies of decision functions from an answer.
#include <fmt/format.h>

#include <algorithm>

#include "agent/answers/answer.h"
#include "explain/finding.h"
#include "llm/extract.h"
#include "support/json.h"
#include "support/text.h"

namespace placewright::agent {
namespace {

using Json = nlohmann::json;

/// `task_decision(tasks) {` or `def task_decision(tasks):` as a first line, and the `}` that closes
/// it.
void take_off_head(std::string& body, Decision decision) {
  const size_t end = std::min(body.find('\n'), body.size());
  std::string_view line(body.data(), end);
  if (line.starts_with("def ")) line.remove_prefix(4);
  if (!line.starts_with(fmt::format("{}(", function_name(decision)))) return;
  const bool braced = line.ends_with('{');
  if (!braced && !line.ends_with(':')) return;
  body.erase(0, std::min(end + 1, body.size()));
  while (!body.empty() && (body.back() == '\n' || body.back() == ' ')) body.pop_back();
  if (braced && body.ends_with('}')) body.pop_back();
}

std::string body_of(const std::string& value, Decision decision) {
  std::string body = value;
  if (const auto block = llm::extract_code_block(value)) body = *block;
  body = make_body(body);
  take_off_head(body, decision);
  return make_body(body);
}

/// Text, or a list of lines.
std::optional<std::string> text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_array()) return std::nullopt;
  std::string text;
  for (const Json& line : value) {
    if (!line.is_string()) return std::nullopt;
    text += line.get<std::string>() + "\n";
  }
  return text;
}

Result<Suggestion> from_object(const Json& object) {
  const Json& values = object.contains("suggestion") ? object["suggestion"] : object;
  Suggestion suggestion;
  if (values.is_string() && values.get<std::string>().find("TERMINATE") != std::string::npos) {
    suggestion.terminate = true;
    return suggestion;
  }
  if (!values.is_object()) return fail("`suggestion` must be an object of variables and values");
  for (const auto& [key, value] : values.items()) {
    const auto decision = parse_function_name(key);
    if (!decision) {
      suggestion.unknown.push_back(explain::harmless(key, 80));
      continue;
    }
    if (value.is_null()) continue;  // A schema that requires every variable leaves no other way.
    const auto text = text_of(value);
    if (!text) return fail(fmt::format("the value of `{}` must be text", key));
    suggestion.bodies[*decision] = body_of(*text, *decision);
  }
  if (!suggestion.bodies.empty()) return suggestion;
  std::vector<std::string_view> names;
  for (const Decision decision : kDecisions) names.push_back(function_name(decision));
  return fail("`suggestion` changes none of the variables " + join_alternatives(names));
}

/// A quoted string that begins at `at`, with its escapes resolved; nothing if it does not end.
std::optional<std::string> quoted_at(std::string_view text, size_t at) {
  if (at >= text.size() || text[at] != '"') return std::nullopt;
  std::string value;
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '"') return value;
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      value += text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : text[i];
    } else {
      value += text[i];
    }
  }
  return std::nullopt;
}

/// The last resort: `"task_decision": "..."` anywhere in the text, as in JSON that breaks off.
Suggestion from_pairs(const std::string& answer) {
  Suggestion suggestion;
  for (const Decision decision : kDecisions) {
    const std::string key = fmt::format("\"{}\"", function_name(decision));
    const size_t found = answer.rfind(key);
    if (found == std::string::npos) continue;
    size_t at = found + key.size();
    while (at < answer.size() && (answer[at] == ' ' || answer[at] == ':' || answer[at] == '\n'))
      ++at;
    if (const auto value = quoted_at(answer, at))
      suggestion.bodies[decision] = body_of(*value, decision);
  }
  return suggestion;
}

}  // namespace

Result<Suggestion> read_suggestion(const std::string& answer) {
  const auto json = llm::extract_json(answer);
  Result<Suggestion> read = fail("it contains no JSON object");
  if (json && json->is_object()) read = from_object(*json);
  if (read) return read;
  Suggestion pairs = from_pairs(answer);
  if (!pairs.bodies.empty()) return pairs;
  if (answer.find("TERMINATE") != std::string::npos) return Suggestion{true, {}, {}};
  return read;
}

}  // namespace placewright::agent
