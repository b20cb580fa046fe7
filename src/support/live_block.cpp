// SPDX-License-Identifier: Apache-2.0
#include "support/live_block.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "support/for_terminal.h"
#include "support/terminal.h"

namespace placewright {
namespace {

constexpr size_t kUsualColumns = 80;

}  // namespace

bool can_redraw(std::FILE* stream) {
  const char* const terminal = std::getenv("TERM");
  return isatty(fileno(stream)) != 0 && terminal != nullptr && std::string_view(terminal) != "" &&
         std::string_view(terminal) != "dumb";
}

LiveBlock::LiveBlock(std::FILE* stream, size_t columns)
    : stream_(stream), columns_(columns), colours_(std::getenv("NO_COLOR") == nullptr) {}

size_t LiveBlock::width() const {
  if (columns_ > 0) return columns_;
  winsize size{};
  if (ioctl(fileno(stream_), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsualColumns;
  return size.ws_col;
}

std::string LiveBlock::painted(const std::string& text, Emphasis emphasis) const {
  if (!colours_ || emphasis == Emphasis::None) return text;
  return fmt::format("\x1b[{}m{}\x1b[0m", emphasis == Emphasis::Strong ? 1 : 32, text);
}

void LiveBlock::show(const std::vector<LiveLine>& lines) {
  erase();
  lines_ = lines;
  draw();
}

void LiveBlock::note(const LiveLine& text) {
  erase();
  fmt::print(stream_, "{}\n", painted(for_terminal(text.text), text.emphasis));
  draw();
}

// A terminal that became narrower has wrapped the lines, which then take more rows.
void LiveBlock::erase() {
  size_t rows = 0;
  for (const size_t columns : drawn_)
    rows += std::max<size_t>(1, (columns + width() - 1) / width());
  if (rows > 0) fmt::print(stream_, "\x1b[{}F\x1b[J", rows);
  std::fflush(stream_);
  drawn_.clear();
}

// One column stays free, because terminals differ in what they do once the last one is filled.
void LiveBlock::draw() {
  for (const LiveLine& line : lines_) {
    const std::string shown = cut_to_columns(line.text, width() - 1);
    fmt::print(stream_, "{}\n", painted(shown, line.emphasis));
    drawn_.push_back(columns_of(shown));
  }
  std::fflush(stream_);
}

}  // namespace placewright
