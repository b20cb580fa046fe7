// SPDX-License-Identifier: Apache-2.0
// A text written by a user, and positions in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"
#include "support/source_range.h"

namespace placewright {

/// Line and column count from 1; a column is a byte, a tab is one column.
struct SourcePosition {
  int line = 1;
  int column = 1;
  friend bool operator==(const SourcePosition&, const SourcePosition&) = default;
};

/// A named text with a line index. Immutable.
class SourceFile {
 public:
  SourceFile(std::string name, std::string text);

  /// Reads a file. Errors: the file does not exist, is a folder, is unreadable, is larger than 16
  /// MiB or is not text (contains NUL bytes).
  [[nodiscard]] static Result<SourceFile> read(const std::string& path);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::string_view text(SourceRange range) const;
  /// An offset past the end gives the position just after the last character.
  [[nodiscard]] SourcePosition position(uint32_t offset) const;
  /// The text of a line (from 1) without its line break.
  [[nodiscard]] std::string_view line(int number) const;
  [[nodiscard]] int line_count() const { return static_cast<int>(line_starts_.size()); }

 private:
  std::string name_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
};

}  // namespace placewright
