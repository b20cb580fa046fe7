// SPDX-License-Identifier: Apache-2.0
#include "support/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "support/for_terminal.h"
#include "support/standard_streams.h"
#include "support/utf8.h"

namespace placewright {
namespace {

bool is_terminal(std::FILE* stream) { return isatty(fileno(stream)) != 0; }

void write(std::FILE* stream, std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  if (!written && stream == stdout) note_lost_output(errno);
}

void flush(std::FILE* stream) {
  if (std::fflush(stream) != 0 && stream == stdout) note_lost_output(errno);
}

}  // namespace

void print_text(std::FILE* stream, std::string_view text) { write(stream, for_terminal(text)); }

void print_data(std::string_view text) {
  if (is_terminal(stdout)) {
    print_text(stdout, text);
  } else {
    write(stdout, text);
  }
}

ForwardedOutput::ForwardedOutput(std::FILE* stream)
    : ForwardedOutput(stream, is_terminal(stream)) {}

void ForwardedOutput::write(std::string_view piece) {
  if (!to_terminal_) {
    placewright::write(stream_, piece);
    flush(stream_);
    return;
  }
  std::string text = std::move(rest_) + std::string(piece);
  rest_.clear();
  // A character has at most four bytes, and `\r` waits for the `\n` that may follow.
  for (size_t length = std::min<size_t>(3, text.size()); length > 0; --length) {
    const std::string_view tail = std::string_view(text).substr(text.size() - length);
    if (!is_cut_off(tail) && tail != "\r") continue;
    rest_ = tail;
    text.resize(text.size() - length);
    break;
  }
  for (size_t at = 0; (at = text.find('\r', at)) != std::string::npos; ++at)
    if (at + 1 == text.size() || text[at + 1] != '\n') text[at] = '\n';
  print_text(stream_, std::string_view(text));
  flush(stream_);
}

ForwardedOutput::~ForwardedOutput() {
  if (rest_ == "\r") rest_ = "\n";
  print_text(stream_, std::string_view(rest_));
  flush(stream_);
}

size_t columns_of(std::string_view text) {
  size_t columns = 0;
  while (!text.empty()) {
    const Utf8Character character = first_character(text);
    columns += static_cast<size_t>(column_width(character.code));
    text.remove_prefix(character.bytes.size());
  }
  return columns;
}

std::string cut_to_columns(std::string_view text, size_t columns) {
  constexpr std::string_view kMore = "...";
  std::string line = for_terminal(text.substr(0, text.find('\n')));
  for (char& c : line)
    if (c == '\t') c = ' ';
  if (columns_of(line) <= columns) return line;
  if (columns < kMore.size()) return std::string(columns, '.');
  const size_t most = columns - kMore.size();
  std::string_view rest = line;
  std::string cut;
  for (size_t used = 0; !rest.empty();) {
    const Utf8Character character = first_character(rest);
    used += static_cast<size_t>(column_width(character.code));
    if (used > most) break;
    cut += character.bytes;
    rest.remove_prefix(character.bytes.size());
  }
  return cut + std::string(kMore);
}

}  // namespace placewright
