// SPDX-License-Identifier: Apache-2.0
#include "agent/optimizers/archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tune/mapping_writer.h"
#include "tune/report.h"
#include "workload/candidate.h"

namespace placewright::agent {
namespace {

using explain::FindingKind;

constexpr int kClearDistance = 3;  // more changes than this hide each other's effects
constexpr size_t kLongestLine = 400;

Objectives objectives_of(const Outcome& outcome) {
  Objectives objectives{outcome.ran() ? outcome.metric.cost(*outcome.value) : 0, 0, 0};
  double copies = 0;
  for (const explain::Finding& finding : outcome.findings) {
    if (finding.kind == FindingKind::CostlyCopies || finding.kind == FindingKind::LayoutConversion)
      copies += finding.weight;
    if (finding.kind == FindingKind::IdleProcessors || finding.kind == FindingKind::Imbalance)
      objectives[2] = std::max(objectives[2], finding.weight);
  }
  objectives[1] = std::min(copies, 1.0) * objectives[0];
  return objectives;
}

bool dominates(const Objectives& a, const Objectives& b) {
  bool better = false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] > b[i]) return false;
    better = better || a[i] < b[i];
  }
  return better;
}

std::string joined(const std::vector<std::string>& lines) {
  return explain::harmless(fmt::format("{}", fmt::join(lines, "; ")), kLongestLine);
}

}  // namespace

Archive::Archive(const tune::SearchSpace& space) : space_(space) {
  default_ = tune::default_candidate(space).decisions;
}

int Archive::distance(const Entry& a, const Entry& b) const {
  return static_cast<int>(differences(a.decisions, b.decisions, space_.workload()).size());
}

void Archive::add(Entry entry) {
  entry.objectives = objectives_of(entry.outcome);
  const size_t tasks = space_.workload().tasks.size();
  if (entry.decisions.tasks.size() == tasks) {
    for (size_t i = 0; i < entries_.size(); ++i) {
      if (!entries_[i].ran()) continue;
      const int distance = this->distance(entries_[i], entry);
      if (entry.parent && distance >= entry.distance) continue;
      entry.parent = i;
      entry.distance = distance;
    }
    if (entry.parent) ++entries_[*entry.parent].children;
  }
  entries_.push_back(std::move(entry));
}

std::vector<size_t> Archive::best(size_t most) const {
  std::vector<size_t> list;
  for (size_t i = 0; i < entries_.size(); ++i)
    if (entries_[i].ran()) list.push_back(i);
  std::ranges::stable_sort(list, {}, [&](size_t i) { return entries_[i].objectives.front(); });
  if (list.size() > most) list.resize(most);
  return list;
}

std::vector<size_t> Archive::best_and_named(size_t most) const {
  std::vector<size_t> list = best(entries_.size());
  size_t place = 0;
  std::erase_if(list, [&](size_t i) { return place++ >= most && entries_[i].name.empty(); });
  return list;
}

std::vector<size_t> Archive::front() const {
  std::vector<size_t> list = best(entries_.size());
  const std::vector<size_t> all = list;
  std::erase_if(list, [&](size_t i) {
    return std::ranges::any_of(all, [&](size_t other) {
      return dominates(entries_[other].objectives, entries_[i].objectives);
    });
  });
  return list;
}

std::vector<size_t> Archive::anchors() const {
  const std::vector<size_t> all = best(entries_.size());
  if (all.empty()) return {};
  std::vector<size_t> anchors = {all.front()};
  const auto is_useless = [&](size_t i) {
    return i == all.front() || entries_[i].objectives.front() >
                                   kFarthestAnchor * entries_[all.front()].objectives.front();
  };
  std::vector<size_t> others = front();
  std::erase_if(others, is_useless);
  if (others.empty()) others = all;
  std::erase_if(others, is_useless);
  if (others.empty()) return anchors;
  const auto wins = [&](size_t i) {
    int count = 0;
    for (size_t objective = 0; objective < Objectives{}.size(); ++objective) {
      const bool best = std::ranges::all_of(all, [&](size_t other) {
        return entries_[i].objectives[objective] <= entries_[other].objectives[objective];
      });
      count += best ? 1 : 0;
    }
    return count;
  };
  const auto rank = [&](size_t i) {
    const double use = (1.0 + entries_[i].children) / (1.0 + wins(i));
    return std::pair(use, -distance(entries_[all.front()], entries_[i]));
  };
  anchors.push_back(*std::ranges::min_element(others, {}, rank));
  return anchors;
}

std::vector<size_t> Archive::failures(size_t most) const {
  std::vector<size_t> list;
  std::set<std::string> seen;
  for (size_t i = entries_.size(); i > 0 && list.size() < most; --i) {
    const Entry& entry = entries_[i - 1];
    if (!entry.ran() && seen.insert(one_line(entry.outcome)).second) list.push_back(i - 1);
  }
  return list;
}

std::vector<std::string> Archive::effects(size_t most) const {
  std::vector<std::pair<double, std::string>> effects;
  for (const Entry& entry : entries_) {
    if (!entry.ran() || !entry.parent || entry.distance == 0 || entry.distance > kClearDistance)
      continue;
    const Entry& parent = entries_[*entry.parent];
    if (!are_apart(entry.outcome, parent.outcome)) continue;
    const double ratio = *entry.outcome.value / *parent.outcome.value;
    const auto changes =
        tune::summarize(differences(parent.decisions, entry.decisions, space_.workload()));
    effects.emplace_back(-std::abs(std::log(ratio)),
                         fmt::format("{} x {:.3f}: {} (#{} against #{})",
                                     entry.outcome.metric.is_time() ? "time" : "metric", ratio,
                                     joined(changes), entry.id, parent.id));
  }
  std::ranges::stable_sort(effects, {}, &std::pair<double, std::string>::first);
  std::vector<std::string> lines;
  for (const auto& [strength, line] : effects)
    if (lines.size() < most) lines.push_back(line);
  return lines;
}

std::vector<std::string> Archive::untried(size_t most) const {
  std::set<std::pair<int, int>> tried;
  for (const Entry& entry : entries_) {
    // What failed was tried, too.
    if (entry.decisions.tasks.size() != space_.workload().tasks.size()) continue;
    const tune::Assignment assignment = space_.nearest(entry.decisions);
    for (size_t k = 0; k < assignment.size(); ++k) {
      if (space_.is_active(assignment, static_cast<int>(k)))
        tried.emplace(static_cast<int>(k), assignment[k]);
    }
  }
  std::vector<int> knobs;
  for (size_t k = 0; k < space_.knobs().size(); ++k) knobs.push_back(static_cast<int>(k));
  std::ranges::stable_sort(knobs, std::ranges::greater(),
                           [&](int k) { return space_.weight(space_.knobs()[k].task); });
  std::vector<std::string> lines;
  for (const int k : knobs) {
    const tune::Knob& knob = space_.knobs()[k];
    if (knob.fixed) continue;
    std::string choices;
    for (size_t c = 0; c < knob.choices.size(); ++c) {
      if (!tried.contains({k, static_cast<int>(c)}))
        choices += (choices.empty() ? "" : ", ") + tune::to_string(knob.choices[c]);
    }
    if (choices.empty() || lines.size() >= most) continue;
    const std::string on = knob.is<machine::MemoryKind>() || knob.is<tune::IndexMap>()
                               ? fmt::format(" on {}", machine::to_string(knob.processor))
                               : "";
    lines.push_back(
        fmt::format("{}{}: {}", explain::harmless(space_.label(k), kLongestLine), on, choices));
  }
  return lines;
}

std::string Archive::difference_from_nearest(size_t entry,
                                             const std::vector<size_t>& others) const {
  const Entry& shown = entries_[entry];
  if (shown.decisions.tasks.size() != space_.workload().tasks.size()) return "";
  const Entry* nearest = nullptr;
  for (const size_t i : others) {
    if (i >= entry || !entries_[i].ran()) continue;
    if (nearest == nullptr || distance(entries_[i], shown) < distance(*nearest, shown))
      nearest = &entries_[i];
  }
  const auto changes = tune::summarize(differences(
      nearest == nullptr ? default_ : nearest->decisions, shown.decisions, space_.workload()));
  if (nearest == nullptr)
    return changes.empty() ? "Legion's default mapper's decisions"
                           : "as Legion's default mapper, but " + joined(changes);
  if (changes.empty()) return fmt::format("the same decisions as #{}", nearest->id);
  return fmt::format("as #{}, but {}", nearest->id, joined(changes));
}

}  // namespace placewright::agent
