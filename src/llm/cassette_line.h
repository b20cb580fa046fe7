// SPDX-License-Identifier: Apache-2.0
// The lines of a cassette. Used by cassette.cpp only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "llm/language_model.h"
#include "llm/secret.h"

namespace placewright::llm {

/// One recorded exchange.
struct Exchange {
  std::string key;
  int occurrence = 0;
  std::string model;
  Request request;   ///< Without its form, of which only a hash is kept.
  std::string form;  ///< The hash.
  Completion completion;
};

[[nodiscard]] std::string form_key(const OutputForm& form);

[[nodiscard]] std::string header_line();
/// Errors: not a cassette's header, or one of another version.
[[nodiscard]] Result<void> check_header(std::string_view line);

[[nodiscard]] std::string to_line(const Exchange& exchange, const Redactor& redactor);
/// Nothing where the line is damaged.
[[nodiscard]] std::optional<Exchange> from_line(std::string_view line);

}  // namespace placewright::llm
