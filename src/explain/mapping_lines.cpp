// SPDX-License-Identifier: Apache-2.0
#include "explain/mapping_lines.h"

#include <charconv>

namespace placewright::explain {
namespace {

constexpr size_t kMostLine = 200;

}  // namespace

MappingLine line_of(const SourceFile& file, int line) {
  return {line, harmless(file.line(line), kMostLine)};
}

std::vector<MappingLine> lines_at(const std::string& position, const std::string& mapping) {
  const size_t column = position.rfind(':');
  if (column == std::string::npos || column == 0 || mapping.empty()) return {};
  const size_t line = position.rfind(':', column - 1);
  if (line == std::string::npos) return {};
  int number = 0;
  std::from_chars(position.data() + line + 1, position.data() + column, number);
  const SourceFile file("mapping", mapping);
  if (number < 1 || number > file.line_count()) return {};
  return {line_of(file, number)};
}

std::vector<MappingLine> lines_beginning(std::string_view word, const std::string& mapping) {
  std::vector<MappingLine> lines;
  if (mapping.empty()) return lines;
  const SourceFile file("mapping", mapping);
  for (int line = 1; line <= file.line_count(); ++line) {
    const std::string_view text = file.line(line);
    if (text.starts_with(word) && text.substr(word.size()).starts_with(' '))
      lines.push_back(line_of(file, line));
  }
  return lines;
}

}  // namespace placewright::explain
