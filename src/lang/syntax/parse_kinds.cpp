// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/parse_kinds.h"

#include <fmt/core.h>

#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {
namespace {

using T = TokenKind;

}  // namespace

std::optional<Spelled<machine::ProcessorKind>> parse_processor(ParseContext& context) {
  const Token& word = context.token();
  if (word.kind == T::ProcessorWord) {
    context.advance();
    return Spelled<machine::ProcessorKind>{*machine::parse_processor_kind(word.text), word.range};
  }
  if (word.kind == T::Identifier && !word.first_on_line) {
    Diagnostic& d = context.report(DiagnosticKind::UnknownProcessorKind, word.range,
                                   fmt::format("unknown processor kind `{}`", word.text));
    if (!suggest(d, word.text, processor_words()))
      d.help = fmt::format("expected {}", join_alternatives(processor_words()));
  } else {
    context.unexpected("a processor kind");
  }
  return std::nullopt;
}

std::optional<Spelled<machine::MemoryKind>> parse_memory(ParseContext& context) {
  const Token& word = context.token();
  if (const auto kind = machine::parse_memory_kind(word.text); kind && word.kind != T::String) {
    context.advance();
    return Spelled<machine::MemoryKind>{*kind, word.range};
  }
  if (word.kind == T::Identifier && !word.first_on_line) {
    Diagnostic& d = context.report(DiagnosticKind::UnknownMemoryKind, word.range,
                                   fmt::format("unknown memory kind `{}`", word.text));
    if (!suggest(d, word.text, memory_words()))
      d.help = fmt::format("expected {}", join_alternatives(memory_words()));
  } else {
    context.unexpected("a memory kind");
  }
  return std::nullopt;
}

}  // namespace placewright::lang
