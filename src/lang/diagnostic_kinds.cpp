// SPDX-License-Identifier: Apache-2.0
#include "lang/diagnostic_kinds.h"

#include <fmt/core.h>

#include <array>

#include "support/text.h"

namespace placewright::lang {
namespace {

constexpr std::array kKinds = {
#define PLACEWRIGHT_DIAGNOSTIC(name, id, severity) DiagnosticInfo{id, Severity::severity},
#include "lang/diagnostic_ids.def"
#undef PLACEWRIGHT_DIAGNOSTIC
};

bool suggest_word(Diagnostic& diagnostic, std::string_view near) {
  if (near.empty()) return false;
  diagnostic.help = fmt::format("did you mean `{}`?", near);
  diagnostic.fixes = {FixIt{diagnostic.range, std::string(near)}};
  return true;
}

}  // namespace

std::span<const DiagnosticInfo> diagnostic_kinds() { return kKinds; }

Diagnostic make_diagnostic(DiagnosticKind kind, SourceRange range, std::string message,
                           std::string help) {
  const DiagnosticInfo& info = kKinds[static_cast<size_t>(kind)];
  Diagnostic result;
  result.severity = info.severity;
  result.id = info.id;
  result.range = range;
  result.message = std::move(message);
  result.help = std::move(help);
  return result;
}

Diagnostic& report(Diagnostics& diagnostics, DiagnosticKind kind, SourceRange range,
                   std::string message) {
  const DiagnosticInfo& info = kKinds[static_cast<size_t>(kind)];
  return info.severity == Severity::Error ? diagnostics.error(info.id, range, std::move(message))
                                          : diagnostics.warning(info.id, range, std::move(message));
}

bool suggest(Diagnostic& diagnostic, std::string_view found,
             std::span<const std::string_view> known) {
  return suggest_word(diagnostic, nearest_word(found, known));
}

bool suggest(Diagnostic& diagnostic, std::string_view found, std::span<const std::string> known) {
  return suggest_word(diagnostic, nearest_word(found, known));
}

}  // namespace placewright::lang
