// SPDX-License-Identifier: Apache-2.0
#include "agent/program/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace placewright::agent {
namespace {

constexpr size_t kMostErrors = 8;  // more are repetitive and cost tokens

std::vector<Diagnostic> misplaced_statements(const Program& program,
                                             const workload::Candidate& candidate) {
  const SourceFile& file = candidate.mapping->file;
  Diagnostics diagnostics(file);
  for (const lang::Statement& statement : candidate.mapping->program.statements) {
    const auto own = home(statement);
    const auto place = body_line(program, file.position(statement.range.begin).line);
    if (!own || !place || *own == place->decision) continue;
    Diagnostic& error = diagnostics.error(
        "misplaced-statement", statement.range,
        fmt::format("this statement does not belong in `{}`", function_name(place->decision)));
    error.help = fmt::format("move it to `{}`", function_name(*own));
  }
  return diagnostics.sorted();
}

std::string annotation(const SourceFile& file, const Diagnostic& error) {
  const SourcePosition begin = file.position(error.range.begin);
  const SourcePosition end = file.position(error.range.end);
  const auto line = file.line(begin.line);
  const int last = end.line == begin.line ? end.column : static_cast<int>(line.size()) + 1;
  const int width = std::max(last - begin.column, 1);
  std::string text(static_cast<size_t>(begin.column - 1), ' ');
  // Copying tabs keeps the caret below the text it marks.
  for (size_t i = 0; i < text.size() && i < line.size(); ++i)
    if (line[i] == '\t') text[i] = '\t';
  text += fmt::format("^{:~<{}} # <-- error: {} [{}]\n", "", width - 1, error.message, error.id);
  if (!error.help.empty()) text += fmt::format("# help: {}\n", error.help);
  for (const FixIt& fix : error.fixes)
    text += fmt::format("# fix: `{}` becomes `{}`\n", file.text(fix.range), fix.replacement);
  return text;
}

/// The annotations that follow each line of the file, by line number.
std::map<int, std::string> annotations(const SourceFile& file,
                                       const std::vector<Diagnostic>& errors) {
  std::map<int, std::string> by_line;
  for (const Diagnostic& error : errors)
    by_line[file.position(error.range.begin).line] += annotation(file, error);
  return by_line;
}

std::vector<Diagnostic> errors_of(const workload::Candidate& candidate) {
  std::vector<Diagnostic> errors;
  for (const Diagnostic& problem : candidate.problems) {
    if (problem.severity == Severity::Error && errors.size() < kMostErrors)
      errors.push_back(problem);
  }
  return errors;
}

std::string annotated_lines(const SourceFile& file, int first, int last,
                            const std::map<int, std::string>& notes) {
  std::string text;
  for (int line = first; line <= last; ++line) {
    text += fmt::format("{}\n", file.line(line));
    if (const auto note = notes.find(line); note != notes.end()) text += note->second;
  }
  return text;
}

/// The lines of each body in generate_mapper(): first and last, empty when last < first.
std::map<Decision, std::pair<int, int>> line_ranges(const Program& program, int lines) {
  std::map<Decision, std::pair<int, int>> ranges;
  for (int line = 1; line <= lines; ++line) {
    const auto place = body_line(program, line);
    if (!place) continue;
    auto [range, is_new] = ranges.try_emplace(place->decision, line, line);
    range->second.second = line;
  }
  return ranges;
}

}  // namespace

ProgramCheck check_program(const Program& program, const workload::Workload& workload,
                           const machine::MachineShape& machine) {
  ProgramCheck check;
  check.candidate =
      workload::compile_candidate("agent.mapping", generate_mapper(program), workload, machine);
  const SourceFile& file = check.candidate.mapping->file;
  std::vector<Diagnostic> errors = misplaced_statements(program, check.candidate);
  if (!errors.empty()) check.candidate.policy = nullptr;
  for (Diagnostic& error : errors_of(check.candidate)) errors.push_back(std::move(error));
  if (errors.empty()) return check;
  const auto notes = annotations(file, errors);
  const auto ranges = line_ranges(program, file.line_count());
  for (const Decision decision : kDecisions) {
    const auto range = ranges.find(decision);
    if (range == ranges.end()) continue;
    const auto [first, last] = range->second;
    const auto note = notes.lower_bound(first);
    if (note == notes.end() || note->first > last) continue;
    check.failing.push_back(decision);
    check.annotated +=
        fmt::format("{}:\n{}", signature(decision), annotated_lines(file, first, last, notes));
  }
  // The error belongs to no body: the mapping is empty.
  if (check.failing.empty()) check.annotated = check.candidate.messages;
  return check;
}

ProgramCheck check_mapping(const std::string& mapping, const workload::Workload& workload,
                           const machine::MachineShape& machine) {
  ProgramCheck check;
  check.candidate = workload::compile_candidate("candidate.mapping", mapping, workload, machine);
  const std::vector<Diagnostic> errors = errors_of(check.candidate);
  if (errors.empty()) return check;
  const SourceFile& file = check.candidate.mapping->file;
  check.annotated = annotated_lines(file, 1, file.line_count(), annotations(file, errors));
  return check;
}

}  // namespace placewright::agent
