// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parser.h"

#include "lang/syntax/parse_context.h"
#include "lang/syntax/parse_expression.h"
#include "lang/syntax/parse_foreign.h"
#include "lang/syntax/parse_recovery.h"
#include "lang/syntax/parse_statement.h"

namespace placewright::lang {

// program := stmt+
Program parse(const SourceFile& file, Diagnostics& diagnostics) {
  ParseContext context(file, diagnostics);
  Program program;
  while (!context.at(TokenKind::End) && !context.abandoned) {
    if (skip_empty_statement(context)) continue;
    const size_t before = context.position();
    if (auto statement = parse_statement(context)) {
      program.statements.push_back(std::move(*statement));
    } else {
      synchronize(context);
      if (context.position() == before) context.advance();
    }
  }
  if (context.abandoned) program.statements.clear();
  program.comments = std::move(context.comments);
  program.broken_names = std::move(context.broken_names);
  if (program.statements.empty() && !diagnostics.has_errors()) {
    context
        .report(DiagnosticKind::EmptyMapping, context.token().range,
                "the mapping is empty: expected at least one statement")
        .help =
        "a mapping that leaves everything to the default is, for example, `Task * GPU, CPU;`";
  }
  return program;
}

ExprPtr parse_expression(const SourceFile& file, Diagnostics& diagnostics) {
  ParseContext context(file, diagnostics);
  ExprPtr expr = parse_expression(context);
  if (expr && !context.at(TokenKind::End))
    context.unexpected("an operator or the end of the expression");
  return diagnostics.has_errors() ? nullptr : std::move(expr);
}

}  // namespace placewright::lang
