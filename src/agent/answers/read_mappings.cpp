// SPDX-License-Identifier: Apache-2.0
// Reads whole mappings from an answer.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "agent/answers/answer.h"
#include "explain/finding.h"
#include "lang/grammar/decision_form.h"
#include "lang/grammar/index_maps.h"
#include "lang/syntax/token.h"
#include "lang/syntax/words.h"
#include "llm/extract.h"
#include "support/json.h"
#include "support/text.h"
#include "support/try.h"
#include "support/whole_words.h"

namespace placewright::agent {
namespace {

using Json = nlohmann::json;
namespace grammar = lang::grammar;

constexpr std::string_view kCandidate = "=== CANDIDATE";
constexpr std::string_view kEnd = "=== END";
constexpr std::string_view kLesson = "LESSON:";
constexpr size_t kLongestLine = 240;  // bytes of an idea or a lesson
constexpr size_t kMostLessons = 3;

std::string one_line(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == ':')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  return explain::harmless(text, kLongestLine);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string without_fences(const std::string& text) {
  const auto block = llm::extract_code_block(text);
  return make_body(block ? *block : text);
}

/// Up to the last line that ends a statement outside of braces.
std::string whole_statements(const std::string& text) {
  std::string kept, pending;
  int depth = 0;
  for (const std::string_view line : lines_of(text)) {
    pending += std::string(line) + "\n";
    depth += static_cast<int>(std::ranges::count(line, '{') - std::ranges::count(line, '}'));
    if (depth == 0 && (line.ends_with(';') || line.ends_with('}'))) {
      kept += pending;
      pending.clear();
    }
  }
  return make_body(kept);
}

/// nullopt if there is no candidate line.
std::optional<MappingAnswer> from_delimiters(std::string_view text, bool truncated) {
  MappingAnswer answer;
  bool ended = false;
  std::vector<std::string> bodies;
  for (const std::string_view line : lines_of(text)) {
    if (ended) break;
    if (line.starts_with(kCandidate)) {
      answer.drafts.push_back({"", one_line(line.substr(kCandidate.size()))});
      bodies.emplace_back();
    } else if (line.starts_with(kEnd)) {
      ended = true;
    } else if (line.starts_with(kLesson)) {
      answer.lessons.push_back(one_line(line.substr(kLesson.size())));
    } else if (!bodies.empty()) {
      bodies.back() += std::string(line) + "\n";
    }
  }
  if (bodies.empty()) return std::nullopt;
  for (size_t i = 0; i < bodies.size(); ++i) {
    const bool cut = truncated && !ended && i + 1 == bodies.size();
    answer.drafts[i].mapping = without_fences(bodies[i]);
    if (cut) answer.drafts[i].mapping = whole_statements(answer.drafts[i].mapping);
  }
  return answer;
}

bool is_decision_form(const Json& json) {
  constexpr const char* kLists[] = {"tasks",  "regions",    "layouts", "maps",
                                    "limits", "priorities", "collect", "replicate"};
  return json.is_object() && std::ranges::any_of(kLists, [&](const char* key) {
           return json.contains(key) && json[key].is_array();
         });
}

/// Without members that are null: a schema that requires every member leaves no other way to leave
/// one out.
Json without_nulls(const Json& json) {
  if (!json.is_structured()) return json;
  Json kept = json.is_object() ? Json::object() : Json::array();
  for (const auto& [key, value] : json.items()) {
    if (json.is_array()) {
      kept.push_back(without_nulls(value));
    } else if (!value.is_null()) {
      kept[key] = without_nulls(value);
    }
  }
  return kept;
}

Result<MappingDraft> draft_of(const Json& json) {
  MappingDraft draft;
  if (json.is_string()) {
    draft.mapping = without_fences(json.get<std::string>());
    return draft;
  }
  if (!json.is_object()) return fail("a candidate must be an object");
  if (json.contains("idea") && json["idea"].is_string())
    draft.idea = one_line(json["idea"].get<std::string>());
  if (json.contains("mapping") && json["mapping"].is_string()) {
    draft.mapping = without_fences(json["mapping"].get<std::string>());
    return draft;
  }
  const Json& form = json.contains("decisions") ? json["decisions"] : json;
  PLACEWRIGHT_TRY(const auto mapping, grammar::mapping_from_form(without_nulls(form).dump()));
  draft.mapping = make_body(mapping);
  return draft;
}

Result<MappingAnswer> from_json(const Json& json) {
  MappingAnswer answer;
  if (json.contains("lessons") && json["lessons"].is_array()) {
    for (const Json& lesson : json["lessons"])
      if (lesson.is_string()) answer.lessons.push_back(one_line(lesson.get<std::string>()));
  }
  Json candidates = Json::array();
  if (json.contains("candidates") && json["candidates"].is_array()) {
    candidates = json["candidates"];
  } else {
    candidates.push_back(json);
  }
  std::optional<Error> first_error;
  for (const Json& each : candidates) {
    auto draft = draft_of(each);
    if (draft) answer.drafts.push_back(std::move(*draft));
    if (!draft && !first_error) first_error = draft.error();
  }
  if (answer.drafts.empty() && first_error) return tl::unexpected(*first_error);
  return answer;
}

bool begins_statement(std::string_view line) {
  while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
  const std::string_view word = line.substr(0, line.find_first_of(" ("));
  return line.find_first_of(";{") != std::string_view::npos &&
         std::ranges::find(lang::statement_words(), word) != lang::statement_words().end();
}

/// From the first line that begins a statement to the last whole statement.
std::string statements_in(const std::string& text) {
  std::string found;
  for (const std::string_view line : lines_of(text)) {
    if (!found.empty() || begins_statement(line) || line.find(" = Machine(") != line.npos)
      found += std::string(line) + "\n";
  }
  return whole_statements(found);
}

/// The names that a text mentions, those that it defines as functions, and those it assigns.
struct Names {
  std::set<std::string_view> mentioned, functions, assigned;
};

Names names_in(const SourceFile& file) {
  Diagnostics ignored(file);
  const std::vector<lang::Token> tokens = lang::lex(file, ignored).tokens;
  Names names;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != lang::TokenKind::Identifier) continue;
    names.mentioned.insert(tokens[i].text);
    if (i > 0 && tokens[i - 1].kind == lang::TokenKind::Def) names.functions.insert(tokens[i].text);
    if (i + 1 < tokens.size() && tokens[i + 1].kind == lang::TokenKind::Assign)
      names.assigned.insert(tokens[i].text);
  }
  return names;
}

/// Definitions of the standard maps that a text uses and does not define.
std::string standard_definitions(const std::string& text) {
  const SourceFile file("mapping", text);
  const Names names = names_in(file);
  std::string definitions;
  for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
    std::string of_kind;
    for (const std::string_view map : grammar::kIndexMaps) {
      const std::string name = grammar::index_map_name(map, kind);
      if (names.mentioned.contains(name) && !names.functions.contains(name))
        of_kind += grammar::index_map_definition(map, kind);
    }
    if (of_kind.empty()) continue;
    std::string own = grammar::space_definition(kind) + of_kind;
    // The mapping's own variable of that name may be another space.
    const std::string variable = own.substr(0, own.find(' '));
    if (names.assigned.contains(variable)) own = replace_word(own, variable, variable + "_line");
    definitions += own;
  }
  return definitions;
}

}  // namespace

Result<MappingAnswer> read_mappings(const std::string& text, size_t most, bool truncated) {
  MappingAnswer answer;
  if (auto delimited = from_delimiters(text, truncated)) {
    answer = std::move(*delimited);
  } else if (const auto json = llm::extract_json(text);
             json && json->is_object() &&
             (is_decision_form(*json) || json->contains("candidates") ||
              json->contains("mapping") || json->contains("decisions"))) {
    PLACEWRIGHT_TRY(answer, from_json(*json));
  } else if (const auto block = llm::extract_code_block(text)) {
    answer.drafts.push_back({make_body(truncated ? whole_statements(*block) : *block), ""});
  } else {
    answer.drafts.push_back({statements_in(text), ""});
  }
  std::erase_if(answer.drafts, [](const MappingDraft& draft) { return draft.mapping.empty(); });
  std::erase_if(answer.lessons, [](const std::string& lesson) { return lesson.empty(); });
  if (answer.drafts.empty()) return fail("it contains no mapping");
  if (answer.drafts.size() > most) answer.drafts.resize(most);
  if (answer.lessons.size() > kMostLessons) answer.lessons.resize(kMostLessons);
  return answer;
}

std::string with_standard_maps(const std::string& mapping) {
  const std::string definitions = standard_definitions(mapping);
  return definitions.empty() ? mapping : definitions + mapping;
}

Program with_standard_maps(Program program) {
  const std::string definitions = standard_definitions(generate_mapper(program));
  if (definitions.empty()) return program;
  for (const Decision decision : kDecisions) {
    std::string& body = program[decision];
    if (standard_definitions(body).empty()) continue;
    body = definitions + body;
    break;
  }
  return program;
}

}  // namespace placewright::agent
