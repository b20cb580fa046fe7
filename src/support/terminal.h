// SPDX-License-Identifier: Apache-2.0
// Where every text of the program is printed, so that for_terminal.h is forgotten nowhere. Lines that
// are redrawn in place are live_block.h's.
#pragma once

#include <fmt/core.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace placewright {

/// A text for people: for_terminal(), wherever the stream goes.
void print_text(std::FILE* stream, std::string_view text);
template <class... Args>
void print_text(std::FILE* stream, fmt::format_string<Args...> format, Args&&... args) {
  print_text(stream, std::string_view(fmt::format(format, std::forward<Args>(args)...)));
}

/// A result for programs or files, such as a mapping or JSON: unchanged, but for_terminal() where
/// standard output is a terminal.
void print_data(std::string_view text);

/// Passes on what another program writes, in pieces that may end within a character. Unchanged,
/// unless the stream is a terminal; there a lone `\r` becomes a line break.
class ForwardedOutput {
 public:
  explicit ForwardedOutput(std::FILE* stream);
  ForwardedOutput(std::FILE* stream, bool to_terminal)
      : stream_(stream), to_terminal_(to_terminal) {}
  /// Writes the rest of a character that was never completed.
  ~ForwardedOutput();
  ForwardedOutput(const ForwardedOutput&) = delete;
  ForwardedOutput& operator=(const ForwardedOutput&) = delete;
  void write(std::string_view piece);

 private:
  std::FILE* stream_;
  bool to_terminal_;
  std::string rest_;
};

/// Columns that the text takes in a terminal; it must have been made by for_terminal().
[[nodiscard]] size_t columns_of(std::string_view text);
/// The first line of a text, cut to so many columns; a cut text ends in `...`.
[[nodiscard]] std::string cut_to_columns(std::string_view text, size_t columns);

}  // namespace placewright
