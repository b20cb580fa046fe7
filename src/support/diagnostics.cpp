// SPDX-License-Identifier: Apache-2.0
#include "support/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/for_terminal.h"
#include "support/json.h"
#include "support/utf8.h"

namespace placewright {
namespace {

constexpr size_t kMaxPrinted = 20;

std::string_view to_string(Severity severity) {
  return severity == Severity::Error ? "error" : "warning";
}

/// A part of a line: [begin, end).
struct Window {
  int begin;
  int end;
};

/// The part of a long line to show around a place in it. Does not cut through a character.
Window window_around(std::string_view line, int place) {
  constexpr int kMost = 160;
  constexpr int kBefore = 60;
  const int size = static_cast<int>(line.size());
  if (size <= kMost) return {0, size};
  Window window;
  window.begin = std::clamp(place - kBefore, 0, size - kMost);
  window.end = window.begin + kMost;
  while (window.begin < place && continues_character(line[static_cast<size_t>(window.begin)]))
    ++window.begin;
  while (window.end < size && window.end > place &&
         continues_character(line[static_cast<size_t>(window.end)]))
    --window.end;
  return window;
}

/// Columns that a text without line breaks takes on a terminal, where for_terminal writes it out.
size_t columns_of(std::string_view text) {
  size_t columns = 0;
  while (!text.empty()) {
    const Utf8Character next = first_character(text);
    const std::string shown = for_terminal(next.bytes);
    columns += shown == next.bytes ? static_cast<size_t>(column_width(next.code)) : shown.size();
    text.remove_prefix(next.bytes.size());
  }
  return columns;
}

/// The text with long names between back quotes cut in the middle.
std::string with_short_names(std::string_view text) {
  constexpr size_t kMost = 120, kHead = 80, kTail = 30;
  std::string result;
  while (true) {
    const size_t begin = text.find('`');
    const size_t end = begin == text.npos ? text.npos : text.find('`', begin + 1);
    if (end == text.npos) return result.append(text);
    size_t head = begin + 1 + kHead, tail = end - std::min(end, kTail);
    if (end - begin > kMost) {
      while (continues_character(text[head])) --head;
      while (continues_character(text[tail])) ++tail;
      result.append(text.substr(0, head)).append("...").append(text.substr(tail, end + 1 - tail));
    } else {
      result.append(text.substr(0, end + 1));
    }
    text.remove_prefix(end + 1);
  }
}

// The source line and a caret range below it. A range over several lines is marked to the end of
// its first line; an empty range gets one caret. A long line is cut around the caret.
std::string excerpt(const SourceFile& file, SourceRange range) {
  constexpr std::string_view kCut = "...";
  const SourcePosition begin = file.position(range.begin);
  const SourcePosition end = file.position(range.end);
  const std::string_view line = file.line(begin.line);
  const int size = static_cast<int>(line.size());
  const int first = begin.column - 1;
  const int last = begin.line == end.line ? end.column - 1 : size;
  const Window shown = window_around(line, std::min(first, size));
  const std::string_view text =
      line.substr(static_cast<size_t>(shown.begin), static_cast<size_t>(shown.end - shown.begin));
  const std::string_view before = shown.begin > 0 ? kCut : "";
  std::string marker(before.size(), ' ');
  const auto part = [&](int from, int to) {
    const auto at = static_cast<size_t>(std::min(from, size));
    return line.substr(at, static_cast<size_t>(std::min(to, size)) - at);
  };
  std::string_view rest = part(shown.begin, first);
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find('\t'));
    marker.append(columns_of(word), ' ');
    rest.remove_prefix(word.size());
    if (!rest.empty()) marker += '\t', rest.remove_prefix(1);
  }
  marker.append(static_cast<size_t>(std::max(0, first - std::max(size, shown.begin))), ' ');
  marker += '^';
  const int marked = shown.end < size ? std::min(last, shown.end) : last;
  const size_t columns = marked > first ? columns_of(part(first, marked)) : 1;
  marker.append(std::max<size_t>(columns, 1) - 1, '~');
  return fmt::format("{:>5} | {}{}{}\n      | {}\n", begin.line, before, text,
                     shown.end < size ? kCut : "", marker);
}

std::string location(const SourceFile& file, SourceRange range) {
  const SourcePosition position = file.position(range.begin);
  return fmt::format("{}:{}:{}", file.name(), position.line, position.column);
}

nlohmann::ordered_json range_json(const SourceFile& file, SourceRange range) {
  const SourcePosition begin = file.position(range.begin);
  const SourcePosition end = file.position(range.end);
  return {{"line", begin.line},
          {"column", begin.column},
          {"end_line", end.line},
          {"end_column", end.column}};
}

}  // namespace

Diagnostic& Diagnostics::add(Severity severity, std::string_view id, SourceRange range,
                             std::string message) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.id = id;
  diagnostic.range = range;
  diagnostic.message = std::move(message);
  messages_.push_back(std::move(diagnostic));
  return messages_.back();
}

Diagnostic& Diagnostics::error(std::string_view id, SourceRange range, std::string message) {
  return add(Severity::Error, id, range, std::move(message));
}

Diagnostic& Diagnostics::warning(std::string_view id, SourceRange range, std::string message) {
  return add(Severity::Warning, id, range, std::move(message));
}

int Diagnostics::error_count() const {
  return static_cast<int>(std::ranges::count(messages_, Severity::Error, &Diagnostic::severity));
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = messages_;
  std::stable_sort(result.begin(), result.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.range.begin < b.range.begin;
  });
  const auto same = [](const Diagnostic& a, const Diagnostic& b) {
    return a.id == b.id && a.range == b.range;
  };
  result.erase(std::unique(result.begin(), result.end(), same), result.end());
  return result;
}

std::string Diagnostics::to_text() const {
  const std::vector<Diagnostic> all = sorted();
  std::string text;
  for (size_t i = 0; i < std::min(all.size(), kMaxPrinted); ++i) {
    const Diagnostic& d = all[i];
    text += fmt::format("{}: {}: {} [{}]\n", location(*file_, d.range), to_string(d.severity),
                        with_short_names(d.message), d.id);
    text += excerpt(*file_, d.range);
    for (const DiagnosticNote& note : d.notes) {
      text += fmt::format("{}: note: {}\n", location(*file_, note.range),
                          with_short_names(note.message));
      text += excerpt(*file_, note.range);
    }
    if (!d.help.empty()) text += fmt::format("      = help: {}\n", with_short_names(d.help));
  }
  if (all.size() > kMaxPrinted)
    text += fmt::format("and {} more messages\n", all.size() - kMaxPrinted);
  return text;
}

std::string Diagnostics::to_json() const {
  std::string text;
  for (const Diagnostic& d : sorted()) {
    nlohmann::ordered_json json = {
        {"severity", to_string(d.severity)}, {"id", d.id}, {"file", file_->name()}};
    json.update(range_json(*file_, d.range));
    json["message"] = d.message;
    if (!d.help.empty()) json["help"] = d.help;
    for (const DiagnosticNote& note : d.notes) {
      nlohmann::ordered_json entry = range_json(*file_, note.range);
      entry["message"] = note.message;
      json["notes"].push_back(entry);
    }
    for (const FixIt& fix : d.fixes) {
      nlohmann::ordered_json entry = range_json(*file_, fix.range);
      entry["replacement"] = fix.replacement;
      json["fixes"].push_back(entry);
    }
    text += dump_json(json) + "\n";
  }
  return text;
}

}  // namespace placewright
