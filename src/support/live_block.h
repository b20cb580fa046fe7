// SPDX-License-Identifier: Apache-2.0
// A few lines at the end of a terminal that are redrawn in place. What is shown in them is for the
// caller to decide.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace placewright {

/// Whether lines can be redrawn: a terminal that is not `TERM=dumb`.
[[nodiscard]] bool can_redraw(std::FILE* stream);

enum class Emphasis { None, Strong, Good };

struct LiveLine {
  std::string text;
  Emphasis emphasis = Emphasis::None;
};

class LiveBlock {
 public:
  /// `columns` 0: those of the terminal, asked at every redraw. Colours only without NO_COLOR.
  explicit LiveBlock(std::FILE* stream, size_t columns = 0);

  /// Replaces the block. Each text is one line, cut to the width of the terminal.
  void show(const std::vector<LiveLine>& lines);
  /// Prints lasting lines above the block, in full.
  void note(const LiveLine& text);
  void erase();

 private:
  [[nodiscard]] size_t width() const;
  [[nodiscard]] std::string painted(const std::string& text, Emphasis emphasis) const;
  void draw();

  std::FILE* stream_;
  size_t columns_;
  bool colours_;
  std::vector<LiveLine> lines_;
  std::vector<size_t> drawn_;  ///< Columns of each line on the screen.
};

}  // namespace placewright
