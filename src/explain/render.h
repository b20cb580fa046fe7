// SPDX-License-Identifier: Apache-2.0
// Findings as texts: for a person, for a language model, for a file. All of them are deterministic
// and free of control characters.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "explain/finding.h"
#include "support/result.h"

namespace placewright::explain {

inline constexpr int kFindingsVersion = 1;

/// What a token is taken to have: English text and code have about four characters per token with
/// the usual tokenizers.
inline constexpr size_t kCharactersPerToken = 4;

/// Numbered blocks; one line that says so where there are none.
[[nodiscard]] std::string to_text(std::span<const Finding> findings);

/// As many findings as a budget allows, in their order. Each is whole, or, where that is too long,
/// reduced to its sentences and the lines of the mapping. After the first that does not fit either
/// way none follows, and a last line says how many were left out. Texts of the program stand in
/// backticks, and a first line says that they are data. Never longer than budget_tokens *
/// kCharactersPerToken; empty where not even the last line fits.
[[nodiscard]] std::string to_prompt(std::span<const Finding> findings, size_t budget_tokens);

[[nodiscard]] std::string to_json(std::span<const Finding> findings);
/// Errors: not JSON, another version, a missing or mistyped member, an unknown kind.
[[nodiscard]] Result<std::vector<Finding>> findings_from_json(const std::string& text);

}  // namespace placewright::explain
