// SPDX-License-Identifier: Apache-2.0
// Kinds of processors and memories as a rule spells them, and the messages for unknown ones.
#include <fmt/core.h>

#include "lang/syntax/parser_impl.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {

using T = TokenKind;

std::optional<Spelled<machine::ProcessorKind>> Parser::parse_processor() {
  const Token& word = token();
  if (word.kind == T::ProcessorWord) {
    advance();
    return Spelled<machine::ProcessorKind>{*machine::parse_processor_kind(word.text), word.range};
  }
  if (word.kind == T::Identifier && !word.first_on_line) {
    Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownProcessorKind, word.range,
                           fmt::format("unknown processor kind `{}`", word.text));
    if (!suggest(d, word.text, processor_words()))
      d.help = fmt::format("expected {}", join_alternatives(processor_words()));
  } else {
    unexpected("a processor kind");
  }
  return std::nullopt;
}

std::optional<Spelled<machine::MemoryKind>> Parser::parse_memory() {
  const Token& word = token();
  if (const auto kind = machine::parse_memory_kind(word.text); kind && word.kind != T::String) {
    advance();
    return Spelled<machine::MemoryKind>{*kind, word.range};
  }
  if (word.kind == T::Identifier && !word.first_on_line) {
    Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownMemoryKind, word.range,
                           fmt::format("unknown memory kind `{}`", word.text));
    if (!suggest(d, word.text, memory_words()))
      d.help = fmt::format("expected {}", join_alternatives(memory_words()));
  } else {
    unexpected("a memory kind");
  }
  return std::nullopt;
}

}  // namespace placewright::lang
