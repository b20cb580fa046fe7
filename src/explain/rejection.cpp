// SPDX-License-Identifier: Apache-2.0
#include "explain/rejection.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "explain/mapping_lines.h"

namespace placewright::explain {
namespace {

constexpr size_t kMostMessage = 400;

std::vector<MappingLine> lines_of(const SourceFile& file, const Diagnostic& problem) {
  std::vector<MappingLine> lines = {line_of(file, file.position(problem.range.begin).line)};
  for (const DiagnosticNote& note : problem.notes) {
    const MappingLine line = line_of(file, file.position(note.range.begin).line);
    if (std::ranges::find(lines, line) == lines.end()) lines.push_back(line);
  }
  return lines;
}

std::string fix_text(const SourceFile& file, const FixIt& fix) {
  const std::string_view old = file.text(fix.range);
  if (old.empty()) return fmt::format("insert {}", as_data(fix.replacement));
  if (fix.replacement.empty()) return fmt::format("delete {}", as_data(old));
  return fmt::format("{} -> {}", as_data(old), as_data(fix.replacement));
}

bool is_error(const Diagnostic& problem) { return problem.severity == Severity::Error; }

/// `rejects`: it is an error, or errors may follow from it.
Finding rejection(const SourceFile& file, const Diagnostic& problem, bool rejects) {
  Finding finding;
  finding.kind = FindingKind::RejectedMapping;
  finding.weight = rejects ? 1 : 0;
  finding.what = harmless(problem.message, kMostMessage);
  finding.why = is_error(problem) ? "the mapping has an error, so nothing was run"
                : rejects         ? "the checker read it as something else, and errors follow"
                                  : "the checker warns of it";
  finding.advice = harmless(problem.help, kMostMessage);
  const SourcePosition at = file.position(problem.range.begin);
  finding.evidence.push_back({"id", problem.id});
  finding.evidence.push_back({"position", fmt::format("{}:{}", at.line, at.column)});
  if (const std::string_view found = file.text(problem.range); !found.empty())
    finding.evidence.push_back({"found", as_data(found)});
  for (const DiagnosticNote& note : problem.notes) {
    finding.evidence.push_back(
        {fmt::format("note on line {}", file.position(note.range.begin).line),
         harmless(note.message, kMostMessage)});
  }
  for (const FixIt& fix : problem.fixes) finding.evidence.push_back({"fix", fix_text(file, fix)});
  finding.lines = lines_of(file, problem);
  return finding;
}

}  // namespace

std::vector<Finding> rejection_findings(const SourceFile& mapping,
                                        const std::vector<Diagnostic>& problems) {
  std::set<int> lines_with_errors;
  for (const Diagnostic& problem : problems)
    if (is_error(problem)) lines_with_errors.insert(mapping.position(problem.range.begin).line);
  std::vector<Finding> findings;
  for (const Diagnostic& problem : problems) {
    const bool rejects =
        is_error(problem) || lines_with_errors.contains(mapping.position(problem.range.begin).line);
    if (rejects || lines_with_errors.empty())
      findings.push_back(rejection(mapping, problem, rejects));
  }
  return findings;
}

}  // namespace placewright::explain
