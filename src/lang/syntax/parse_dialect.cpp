// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_dialect.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace placewright::lang {
namespace {

using T = TokenKind;

}  // namespace

bool report_prototype_dialect(ParseContext& context) {
  constexpr std::array<std::string_view, 4> kWords = {"task", "region", "taskdefault",
                                                      "regiondefault"};
  if (!context.at(T::Identifier) || std::ranges::find(kWords, context.token().text) == kWords.end())
    return false;
  const TokenKind next = context.token(1).kind;
  if (context.token(1).first_on_line ||
      (!is_name(context.token(1)) && next != T::ProcessorWord && next != T::MemoryWord))
    return false;
  context
      .report(DiagnosticKind::OldDialect, context.token().range,
              "this is the prototype dialect of April 2022")
      .help = "write `Task name KIND;` and `Region task name KIND MEMORY;`, with `*` for a default";
  context.abandoned = true;
  return true;
}

bool report_old_dialect_map(ParseContext& context, const MapStatement& map) {
  const bool names_machine =
      context.at(T::Identifier) && !context.token().first_on_line && !context.at_word("if");
  const bool makes_machine = map.function.text == "Machine" && context.at(T::LeftParen) &&
                             context.token(1).kind == T::ProcessorWord &&
                             context.token(2).kind == T::RightParen &&
                             context.token(3).kind == T::Identifier;
  if (!names_machine && !makes_machine) return false;
  const Token& function = makes_machine ? context.token(3) : context.token();
  const std::string_view machine =
      makes_machine ? std::string_view("m") : std::string_view(map.function.text);
  Diagnostic& d = context.report(
      DiagnosticKind::OldDialect, function.range,
      "this is the 2022 dialect, in which a map statement names a machine and a function");
  d.help = fmt::format(
      "leave the machine out and let the function take the task and index the machine itself: "
      "`def {0}(Task task) {{ ip = task.ipoint; return {1}[ip[0] / {1}.size[1], ip[0] % "
      "{1}.size[1]]; }}`",
      function.text, machine);
  context.abandoned = true;
  return true;
}

bool report_old_dialect_limit(ParseContext& context, const TaskSelector& tasks) {
  if (!context.at(T::ProcessorWord) || context.token(1).kind != T::Integer) return false;
  context
      .report(DiagnosticKind::OldDialect, context.token().range,
              "this is the 2022 dialect, in which a limit names a kind of processor")
      .help = fmt::format("write `InstanceLimit {} {};`", context.file.text(tasks.range),
                          context.token(1).text);
  context.abandoned = true;
  return true;
}

}  // namespace placewright::lang
