// SPDX-License-Identifier: Apache-2.0
// Keys: their allowed sources, and how they are kept out of everything that is printed or stored.
#pragma once

#include <string>
#include <string_view>

#include "support/result.h"

namespace placewright::llm {

/// A value that cannot be printed by accident: it has no conversion and no output operator.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  /// For the one place that sends it.
  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

/// Makes a key from a variable's text, without blanks and line breaks around it. Errors: characters
/// that are not allowed in a header.
[[nodiscard]] Result<Secret> make_secret(std::string_view text, const std::string& source);

/// Reads a key from a file. Errors: it does not exist, is not a regular file, is not owned by this
/// process's user, can be read or written by others (any mode but 0600 or 0400), is empty, is
/// larger than 4 KiB, or those of make_secret().
[[nodiscard]] Result<Secret> read_secret_file(const std::string& path);

/// Removes keys from texts that come from outside. Immutable.
class Redactor {
 public:
  Redactor() = default;
  /// A key shorter than 8 characters (`none`, `dummy`) is a placeholder for a server that wants
  /// none, and is left alone.
  explicit Redactor(const Secret& secret);
  /// Replaces with `[redacted]` the key, every part of it of at least 8 characters, and any
  /// key-like text after `sk-` or `Bearer`.
  [[nodiscard]] std::string operator()(std::string_view text) const;
  /// The same for this key only: for answers, where `sk-` may be code.
  [[nodiscard]] std::string only_own(std::string_view text) const;

 private:
  std::string value_;
};

}  // namespace placewright::llm
