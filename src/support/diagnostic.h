// SPDX-License-Identifier: Apache-2.0
// One message about a text written by a user; diagnostics.h collects and prints them.
#pragma once

#include <string>
#include <vector>

#include "support/source_range.h"

namespace placewright {

enum class Severity { Error, Warning };

/// A replacement that, together with the message's other fixes, corrects what the message is about.
struct FixIt {
  SourceRange range;
  std::string replacement;
  friend bool operator==(const FixIt&, const FixIt&) = default;
};

/// A second range that explains the first ("first defined here").
struct DiagnosticNote {
  SourceRange range;
  std::string message;
};

struct Diagnostic {
  Severity severity = Severity::Error;
  std::string id;  ///< kebab-case, listed in docs/diagnostics.md.
  SourceRange range;
  std::string message;  ///< Lower case, no period, code in backticks.
  std::string help;     ///< Printed after "help:"; may be empty.
  std::vector<DiagnosticNote> notes;
  std::vector<FixIt> fixes;
};

}  // namespace placewright
