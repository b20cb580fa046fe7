// SPDX-License-Identifier: Apache-2.0
#include "infer/accepted.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "policy/policy.h"

namespace placewright::infer {
namespace {

/// The first error, and the statement that has it; nullopt if there is none.
struct Refused {
  SourceRange statement;
  std::string message;
};

std::optional<Refused> first_refused(const std::string& text,
                                     const machine::MachineShape& machine) {
  auto mapping = std::make_shared<policy::Mapping>(policy::Mapping{SourceFile("", text), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  if (!diagnostics.has_errors())
    (void)policy::Policy::build(mapping, machine, diagnostics, [](const std::string&) {});
  for (const Diagnostic& each : diagnostics.sorted()) {
    if (each.severity != Severity::Error) continue;
    // Where nothing was parsed, the line.
    const uint32_t at = each.range.begin;
    const size_t line = text.rfind('\n', at);
    const size_t end = text.find('\n', at);
    Refused refused{{static_cast<uint32_t>(line == std::string::npos ? 0 : line + 1),
                     static_cast<uint32_t>(end == std::string::npos ? text.size() : end)},
                    each.message};
    for (const lang::Statement& statement : mapping->program.statements)
      if (statement.range.begin <= at && at < statement.range.end)
        refused.statement = statement.range;
    return refused;
  }
  return std::nullopt;
}

}  // namespace

std::string only_accepted(std::string text, const machine::MachineShape& machine,
                          std::vector<std::string>& warnings) {
  while (const auto refused = first_refused(text, machine)) {
    const SourceRange range = refused->statement;
    const size_t length = std::max<size_t>(1, range.end - range.begin);
    warnings.push_back(
        fmt::format("left out `{}`: {}", text.substr(range.begin, length), refused->message));
    text.erase(range.begin, length);
    if (text.substr(range.begin, 1) == "\n") text.erase(range.begin, 1);
  }
  return text;
}

}  // namespace placewright::infer
