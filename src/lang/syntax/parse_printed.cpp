// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_printed.h"

#include <fmt/core.h>

#include "lang/syntax/parse_expression.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

constexpr std::string_view kTuple = "Tuple";

bool is_variable_name(const Token& token) {
  return token.kind == T::Identifier || token.kind == T::MemberWord;
}

bool has_tuple_type(const Token& type) { return type.kind == T::Identifier && type.text == kTuple; }

/// One parameter of the printed form: `Tuple p`, `p: Tuple` or `p`.
struct Printed {
  const Token* name = nullptr;
  std::string_view type;
  size_t tokens = 0;
};

std::optional<Printed> printed_at(const ParseContext& context, size_t ahead) {
  const Token& first = context.token(ahead);
  const Token& second = context.token(ahead + 1);
  if ((has_tuple_type(first) || first.kind == T::TypeWord) && is_variable_name(second))
    return Printed{&second, first.text, 2};
  if (!is_variable_name(first)) return std::nullopt;
  if (second.kind == T::Colon) return Printed{&first, context.token(ahead + 2).text, 3};
  return Printed{&first, "", 1};
}

/// The parameters from the `(` to the `)`; empty if they are not of the printed form.
std::vector<Printed> printed_list(const ParseContext& context, size_t& tokens) {
  std::vector<Printed> list;
  tokens = 0;
  if (!context.at(T::LeftParen)) return list;
  for (size_t ahead = 1; list.size() < 2;) {
    const auto next = printed_at(context, ahead);
    if (!next) return {};
    list.push_back(*next);
    ahead += next->tokens + 1;
    const T after = context.token(ahead - 1).kind;
    if (after == T::RightParen) {
      tokens = ahead;
      return list;
    }
    if (after != T::Comma) return {};
  }
  return {};
}

/// Whether each parameter can be what its place in the printed form says: the point, the extents.
bool speaks_of_points(const std::vector<Printed>& list) {
  for (size_t i = 0; i < list.size(); ++i) {
    const Member member = i == 0 ? Member::IPoint : Member::ISpace;
    const std::string_view own = to_string(i == 0 ? ParameterType::IPoint : ParameterType::ISpace);
    const std::string_view type = list[i].type;
    if (type == kTuple || type == own) continue;
    if (!type.empty() || list[i].name->text != to_string(member)) return false;
  }
  return !list.empty() && (list.size() == 1 || list[0].name->text != list[1].name->text);
}

/// How the text uses a function's name, wherever it stands.
void find_uses(ParseContext& context) {
  if (context.called) return;
  context.called.emplace();
  const std::vector<Token>& tokens = context.tokens();
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    const bool is_defined = i > 0 && tokens[i - 1].kind == T::Def;
    if (tokens[i].kind == T::Identifier && tokens[i + 1].kind == T::LeftParen && !is_defined)
      context.called->insert(tokens[i].text);
    if (tokens[i].kind != T::IndexTaskMap && tokens[i].kind != T::SingleTaskMap) continue;
    // The function is the last name of the rule.
    size_t last = i + 1;
    while (is_name(tokens[last]) && tokens[last].text != "if" &&
           (tokens[last + 1].kind == T::Comma || is_name(tokens[last + 1])) &&
           !tokens[last + 1].first_on_line)
      last += tokens[last + 1].kind == T::Comma ? 2 : 1;
    // After `*` or a kind.
    if (!is_name(tokens[last]) && tokens[last].kind != T::End && is_name(tokens[last + 1])) ++last;
    context.mapped.insert(tokens[last].text);
  }
}

/// The name, or a longer one that the function does not use.
std::string unused_name(const ParseContext& context, std::string name) {
  for (bool is_used = true; is_used;) {
    is_used = false;
    for (size_t i = 1; context.token(i).kind != T::End && context.token(i).kind != T::Def; ++i)
      is_used |= context.token(i).kind == T::Identifier && context.token(i).text == name;
    if (is_used) name += '_';
  }
  return name;
}

}  // namespace

PrintedParameters::PrintedParameters(ParseContext& context, FunctionDefinition& function)
    : context_(context), function_(function) {
  context.stand_ins.clear();
  context.stand_in_fixes.clear();
  size_t tokens = 0;
  const std::vector<Printed> list = printed_list(context, tokens);
  if (!speaks_of_points(list)) return;
  find_uses(context);
  const bool has_both_types = list.size() == 2 && list[0].type == kTuple && list[1].type == kTuple;
  if (context.called->contains(function.name.text) ||
      (!has_both_types && !context.mapped.contains(function.name.text)))
    return;
  taken = true;
  task_ = unused_name(context, "task");
  const SourceRange range = {context.token(1).range.begin, context.token(tokens - 2).range.end};
  for (size_t i = 0; i < list.size(); ++i) {
    context.stand_ins[list[i].name->text] = {task_, i == 0 ? Member::IPoint : Member::ISpace};
    context.free_word(list[i].name->text);
  }
  function.parameters.push_back({{ParameterType::Task, range}, Name{task_, range}});
  context.stand_in_fixes = {FixIt{range, fmt::format("Task {}", task_)}};
  for (size_t i = 0; i < tokens; ++i) context.advance();
}

PrintedParameters::~PrintedParameters() {
  if (!context_.stand_in_fixes.empty()) {
    const FixIt& first = context_.stand_in_fixes.front();
    const std::string found(context_.file.text(first.range));
    Diagnostic& d =
        context_.report(DiagnosticKind::PrintedParameters, first.range,
                        taken ? "a mapping function takes the task, not its point"
                              : fmt::format("`{}` is written `{}`", found, first.replacement));
    if (taken)
      d.help = fmt::format("write `{0}`, and `{1}.ipoint` and `{1}.ispace` in the body",
                           first.replacement, task_);
    if (!function_.incomplete) d.fixes = std::move(context_.stand_in_fixes);
  }
  context_.stand_ins.clear();
  context_.stand_in_fixes.clear();
}

bool parse_printed_parameter(ParseContext& context, FunctionDefinition& function) {
  const Token type = context.token();
  const Token name = context.token(1);
  const bool is_tuple = has_tuple_type(type);
  const bool is_reserved = name.kind == T::MemberWord;
  if (!is_variable_name(name) || (!is_tuple && type.kind != T::TypeWord)) return false;
  if (!is_tuple && !is_reserved) return false;
  const auto known = is_tuple ? ParameterType::IPoint : *parse_parameter_type(type.text);
  std::string own(name.text);
  if (is_reserved) {
    own = unused_name(context, own + "_");
    context.free_word(name.text);
    context.stand_ins[name.text] = {own, std::nullopt};
  }
  context.stand_in_fixes.push_back(
      {{type.range.begin, name.range.end}, fmt::format("{} {}", to_string(known), own)});
  context.advance();
  context.advance();
  function.parameters.push_back({{known, type.range}, Name{own, name.range}});
  return true;
}

ExprPtr stand_in(ParseContext& context, const Token& token) {
  if (token.kind != T::Identifier) return nullptr;
  const auto found = context.stand_ins.find(token.text);
  if (found == context.stand_ins.end()) return nullptr;
  const auto& [name, member] = found->second;
  ExprPtr meant = make(token.range, NameRef{name});
  if (member) meant = make(token.range, MemberRef{std::move(meant), *member, token.range});
  context.stand_in_fixes.push_back(
      {token.range, member ? fmt::format("{}.{}", name, to_string(*member)) : name});
  return meant;
}

bool hides_stand_in(ParseContext& context, const Name& variable) {
  if (!context.stand_ins.contains(variable.text)) return false;
  context
      .report(DiagnosticKind::DuplicateVariable, variable.range,
              fmt::format("`{}` already has a value", variable.text))
      .help = "it is a parameter; choose another name";
  return true;
}

}  // namespace placewright::lang
