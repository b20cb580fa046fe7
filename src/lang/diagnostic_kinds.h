// SPDX-License-Identifier: Apache-2.0
// The closed list of what can be wrong with a mapping text, declared in diagnostic_ids.def.
// support/diagnostics.h formats the messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "support/diagnostics.h"

namespace placewright::lang {

enum class DiagnosticKind {
#define PLACEWRIGHT_DIAGNOSTIC(name, id, severity) name,
#include "lang/diagnostic_ids.def"
#undef PLACEWRIGHT_DIAGNOSTIC
};

struct DiagnosticInfo {
  std::string_view id;
  Severity severity;
};

/// All kinds in enumerator order.
[[nodiscard]] std::span<const DiagnosticInfo> diagnostic_kinds();

/// A message with the id and the severity of its kind.
[[nodiscard]] Diagnostic make_diagnostic(DiagnosticKind kind, SourceRange range,
                                         std::string message, std::string help = "");

/// Adds a message with the id and the severity of its kind. The reference is valid until the next
/// message.
Diagnostic& report(Diagnostics& diagnostics, DiagnosticKind kind, SourceRange range,
                   std::string message);

/// Adds "did you mean `GPU`?" with a fix that replaces the diagnostic's range if a known word is
/// close to the one found. Returns whether there is one.
bool suggest(Diagnostic& diagnostic, std::string_view found,
             std::span<const std::string_view> known);
bool suggest(Diagnostic& diagnostic, std::string_view found, std::span<const std::string> known);

}  // namespace placewright::lang
