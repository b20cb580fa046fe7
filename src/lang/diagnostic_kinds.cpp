#include "lang/diagnostic_kinds.h"

#include <array>

namespace placewright::lang {
namespace {

constexpr std::array kKinds = {
#define PLACEWRIGHT_DIAGNOSTIC(name, id, severity) DiagnosticInfo{id, Severity::severity},
#include "lang/diagnostic_kinds.def"
#undef PLACEWRIGHT_DIAGNOSTIC
};

}  // namespace

std::span<const DiagnosticInfo> diagnostic_kinds() { return kKinds; }

Diagnostic& report(Diagnostics& diagnostics, DiagnosticKind kind, SourceRange range,
                   std::string message) {
  const DiagnosticInfo& info = kKinds[static_cast<size_t>(kind)];
  return info.severity == Severity::Error ? diagnostics.error(info.id, range, std::move(message))
                                          : diagnostics.warning(info.id, range, std::move(message));
}

}  // namespace placewright::lang
