// SPDX-License-Identifier: Apache-2.0
// The messages with which Legion and its default mapper end a run, by their exact form: what each
// means and what to try. Texts of Legion 23 to 25.12; only what the runtime itself logged may be
// looked up here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "explain/finding.h"

namespace placewright::explain {

struct CatalogueMatch {
  FindingKind kind = FindingKind::RuntimeError;
  std::string_view why;
  std::string_view advice;
  /// "task", "bytes", ... with what the message says.
  std::vector<Fact> facts;
};

/// `error` is a message without prefix and source position. Nothing for one that is not listed.
[[nodiscard]] std::optional<CatalogueMatch> look_up(std::string_view error);

/// Whether a text has the form of a pattern, in which `%` stands for any text, the shortest that
/// fits; gives these texts in order.
[[nodiscard]] std::optional<std::vector<std::string>> match(std::string_view pattern,
                                                            std::string_view text);

}  // namespace placewright::explain
