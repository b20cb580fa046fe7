// SPDX-License-Identifier: Apache-2.0
// Messages about a text written by a user: collected, sorted by position, printed for people or for
// programs. The folder that finds a mistake declares its kind; this folder only formats the
// messages.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostic.h"
#include "support/source.h"

namespace placewright {

/// Collects messages about one file. Not thread-safe.
class Diagnostics {
 public:
  explicit Diagnostics(const SourceFile& file) : file_(&file) {}

  /// Adds an error and returns it, so that help, notes and fixes can be set on it.
  Diagnostic& error(std::string_view id, SourceRange range, std::string message);
  Diagnostic& warning(std::string_view id, SourceRange range, std::string message);
  /// The message added last; there must be one.
  [[nodiscard]] Diagnostic& last() { return messages_.back(); }
  /// Adds a message created elsewhere.
  void add(Diagnostic message) { messages_.push_back(std::move(message)); }

  [[nodiscard]] bool has_errors() const { return error_count() > 0; }
  [[nodiscard]] int error_count() const;
  [[nodiscard]] const SourceFile& file() const { return *file_; }
  /// Sorted by position; of several messages with the same id and range only the first.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;

  /// `file:line:col: error: message [id]`, the source line, a caret range, notes and help; at most
  /// 20 messages, then the number of the others. Ends with a line break unless empty.
  [[nodiscard]] std::string to_text() const;
  /// The same information, one JSON object per line: severity, id, file, line, column, end_line,
  /// end_column, message and, if present, help, notes, fixes.
  [[nodiscard]] std::string to_json() const;

 private:
  Diagnostic& add(Severity severity, std::string_view id, SourceRange range, std::string message);

  const SourceFile* file_;
  std::vector<Diagnostic> messages_;
};

}  // namespace placewright
