// SPDX-License-Identifier: Apache-2.0
#include "explain/finding.h"

#include <algorithm>

#include "support/utf8.h"

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

/// What ended a run, then what a mapping can change, then what it cannot, then rules without effect.
enum class Place { Ended, Changeable, Fixed, Dead };

Place place_of(const Finding& finding) {
  using enum FindingKind;
  if (finding.kind < IdleProcessors) return Place::Ended;
  switch (finding.kind) {
    case MappingOverhead:
    case BusiestProcessor:
    case Straggler:
      return Place::Fixed;
    case IdleProcessors:
    case SmallTasks:
      return finding.edits.empty() ? Place::Fixed : Place::Changeable;
    case DeadRule:
      return Place::Dead;
    default:
      return Place::Changeable;
  }
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
    if (place_of(a) != place_of(b)) return place_of(a) < place_of(b);
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
    const Utf8Character character = first_character(data);
    data.remove_prefix(character.bytes.size());
    const uint32_t code = character.code;
    std::string shown;
    if (!character.valid) {
      shown = "?";
    } else if (code == '\n' || code == '\t' || code == '\r') {
      shown = " ";
    } else if (!is_control(code) && !is_directional(code) && !is_joiner(code)) {
      shown = character.bytes;
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
