// SPDX-License-Identifier: Apache-2.0
// Splits a mapping into the six bodies of an agent's program.
#include <algorithm>
#include <set>
#include <vector>

#include "agent/program/program.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/token.h"

namespace placewright::agent {
namespace {

/// The bodies between the marks; nothing unless every mark occurs once, in order, with only
/// comments above the first.
std::optional<Program> split_at_marks(const std::string& mapping) {
  Program program;
  std::string_view rest = mapping;
  std::optional<size_t> current;  // none above the first mark
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    const bool whole = end < rest.size();
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.starts_with("# ---- ")) {
      const auto decision = parse_function_name(line.substr(7));
      if (decision) {
        const size_t next = current ? *current + 1 : 0;
        if (next == kDecisionCount || *decision != kDecisions[next]) return std::nullopt;
        current = next;
        continue;
      }
    }
    if (!current) {
      if (!line.empty() && line.front() != '#') return std::nullopt;
      continue;
    }
    program.bodies[*current] += line;
    if (whole) program.bodies[*current] += '\n';
  }
  if (current != kDecisionCount - 1) return std::nullopt;
  // generate_mapper() ends each body that is not empty with one line break.
  for (std::string& body : program.bodies)
    if (body.ends_with('\n')) body.pop_back();
  return program;
}

/// One statement with the comments above it and the one after it on its line.
struct Piece {
  std::string_view text;
  std::optional<Decision> home;
  std::set<std::string, std::less<>> defines;
  std::set<std::string, std::less<>> mentions;
};

/// The names in a text, comments excluded.
std::set<std::string, std::less<>> names_in(std::string_view text) {
  const SourceFile file("piece", std::string(text));
  Diagnostics ignored(file);
  std::set<std::string, std::less<>> names;
  for (const lang::Token& token : lang::lex(file, ignored).tokens)
    if (token.kind == lang::TokenKind::Identifier) names.emplace(token.text);
  return names;
}

size_t end_of_line(std::string_view text, size_t at) {
  return std::min(text.find('\n', at), text.size());
}

std::vector<Piece> pieces_of(const SourceFile& file, const lang::Program& parsed) {
  const std::string_view text = file.text();
  std::vector<Piece> pieces;
  size_t begin = 0;
  for (size_t i = 0; i < parsed.statements.size(); ++i) {
    const lang::Statement& statement = parsed.statements[i];
    size_t end = statement.range.end;
    while (end < text.size() && (text[end] == ';' || text[end] == ' ')) ++end;
    const size_t line_end = end_of_line(text, end);
    const bool last_on_line =
        i + 1 == parsed.statements.size() || parsed.statements[i + 1].range.begin >= line_end;
    if (last_on_line) end = line_end;
    if (i + 1 == parsed.statements.size()) end = text.size();
    Piece piece{text.substr(begin, end - begin), home(statement), {}, {}};
    if (const auto* function = std::get_if<lang::FunctionDefinition>(&statement.node))
      piece.defines.insert(function->name.text);
    if (const auto* assignment = std::get_if<lang::Assignment>(&statement.node))
      piece.defines.insert(assignment->name.text);
    if (std::holds_alternative<lang::Print>(statement.node)) piece.home = Decision::IndexTaskMap;
    piece.mentions = names_in(piece.text);
    pieces.push_back(std::move(piece));
    begin = end;
  }
  return pieces;
}

/// A definition goes into the body of its first use, because it must come before it; an unused one
/// goes to the maps.
void find_homes_of_definitions(std::vector<Piece>& pieces) {
  for (bool changed = true; changed;) {
    changed = false;
    for (Piece& definition : pieces) {
      if (definition.defines.empty()) continue;
      for (const Piece& user : pieces) {
        if (&user == &definition || !user.home) continue;
        const bool uses = std::ranges::any_of(
            definition.defines, [&](const auto& name) { return user.mentions.contains(name); });
        if (!uses || (definition.home && *definition.home <= *user.home)) continue;
        definition.home = user.home;
        changed = true;
      }
    }
  }
}

}  // namespace

Result<Program> split_mapping(const std::string& mapping) {
  if (auto marked = split_at_marks(mapping)) return *marked;
  const SourceFile file("mapping", mapping);
  Diagnostics diagnostics(file);
  const lang::Program parsed = lang::parse(file, diagnostics);
  if (diagnostics.has_errors())
    return fail("the mapping cannot be taken apart:\n" + diagnostics.to_text());
  std::vector<Piece> pieces = pieces_of(file, parsed);
  find_homes_of_definitions(pieces);
  Program program;
  for (const Piece& piece : pieces) {
    std::string& body = program[piece.home.value_or(Decision::IndexTaskMap)];
    const std::string text = make_body(piece.text);
    if (text.empty()) continue;
    // Keep a blank line between groups.
    const bool apart = piece.text.starts_with("\n\n") && !body.empty();
    if (!body.empty()) body += apart ? "\n\n" : "\n";
    body += text;
  }
  return program;
}

}  // namespace placewright::agent
