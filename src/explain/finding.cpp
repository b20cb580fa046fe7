// SPDX-License-Identifier: Apache-2.0
#include "explain/finding.h"

#include <algorithm>

namespace placewright::explain {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, kFindingKindCount> kWords = {
    "rejected-mapping",
    "unplaceable-point",
    "no-usable-processor",
    "unusable-memory",
    "out-of-memory",
    "layout-violation",
    "unexpected-stride",
    "blas-argument",
    "instance-limit-assertion",
    "bad-slicing",
    "mapper-output",
    "runtime-error",
    "runtime-assertion",
    "crash",
    "timeout",
    "failed",
    "wrong-result",
    "no-metric",
    "mapper-ignored",
    "not-legion",
    "processes-did-not-join",
    "idle-processors",
    "imbalance",
    "costly-copies",
    "layout-conversion",
    "recreated-instances",
    "memory-pressure",
    "slow-zero-copy",
    "small-tasks",
    "slow-processor",
    "mapping-overhead",
    "busiest-processor",
    "straggler",
    "dead-rule",
};
static_assert(kWords[static_cast<size_t>(FindingKind::DeadRule)] == "dead-rule");

/// Bytes of the UTF-8 sequence that begins here; 0 where none does.
size_t sequence_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const size_t length = first < 0x80   ? 1
                        : first < 0xc2 ? 0
                        : first < 0xe0 ? 2
                        : first < 0xf0 ? 3
                        : first < 0xf5 ? 4
                                       : 0;
  if (length == 0 || length > text.size()) return 0;
  const auto is_rest = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; };
  return std::ranges::all_of(text.substr(1, length - 1), is_rest) ? length : 0;
}

/// Control characters, and those that change how the text around them reads: joiners, directional
/// marks, separators of lines and paragraphs, byte order marks, tags.
bool is_invisible(std::string_view sequence) {
  const auto at = [&](size_t k) { return static_cast<unsigned char>(sequence[k]); };
  switch (sequence.size()) {
    case 1:
      return at(0) < 0x20 || at(0) == 0x7f;
    case 2:
      return (at(0) == 0xc2 && (at(1) < 0xa0 || at(1) == 0xad)) ||  // C1 controls, soft hyphen
             (at(0) == 0xd8 && at(1) == 0x9c);                      // Arabic letter mark
    case 3:
      return (at(0) == 0xe2 && at(1) == 0x80 &&
              ((at(2) >= 0x8b && at(2) <= 0x8f) || (at(2) >= 0xa8 && at(2) <= 0xae))) ||
             (at(0) == 0xe2 && at(1) == 0x81 && at(2) >= 0xa0 && at(2) <= 0xaf) ||
             (at(0) == 0xef && at(1) == 0xbb && at(2) == 0xbf);
    case 4:
      return at(0) == 0xf3 && at(1) == 0xa0;
  }
  return false;
}

}  // namespace

std::string_view to_string(FindingKind kind) { return kWords[static_cast<size_t>(kind)]; }

std::optional<FindingKind> parse_finding_kind(std::string_view word) {
  const auto found = std::ranges::find(kWords, word);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<FindingKind>(found - kWords.begin());
}

std::vector<Finding> arranged(std::vector<Finding> findings) {
  std::ranges::stable_sort(findings, [](const Finding& a, const Finding& b) {
    if (a.weight != b.weight) return a.weight > b.weight;
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.what < b.what;
  });
  std::vector<Finding> result;
  for (Finding& finding : findings) {
    const bool is_known = std::ranges::any_of(result, [&](const Finding& known) {
      return known.kind == finding.kind && known.what == finding.what &&
             known.lines == finding.lines;
    });
    if (!is_known) result.push_back(std::move(finding));
  }
  return result;
}

std::string harmless(std::string_view data, size_t most) {
  constexpr std::string_view kMore = "...";
  std::string text;
  while (!data.empty()) {
    const size_t length = sequence_length(data);
    const std::string_view sequence = data.substr(0, std::max<size_t>(length, 1));
    data.remove_prefix(sequence.size());
    const char first = sequence.front();
    std::string shown;
    if (length == 0) {
      shown = "?";
    } else if (first == '\n' || first == '\t' || first == '\r') {
      shown = " ";
    } else if (!is_invisible(sequence)) {
      shown = sequence;
    }
    if (text.size() + shown.size() > most) return text + std::string(kMore);
    text += shown;
  }
  return text;
}

std::string as_data(std::string_view data, size_t most) {
  std::string text = harmless(data, most);
  std::ranges::replace(text, '`', '\'');
  return "`" + text + "`";
}

}  // namespace placewright::explain
