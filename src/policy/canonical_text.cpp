// SPDX-License-Identifier: Apache-2.0
#include "policy/canonical_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include "lang/syntax/dump.h"
#include "policy/read_rules.h"

namespace placewright::policy {
namespace {

/// A rule that lists more pairs of tasks and regions than this is taken as it is written.
constexpr size_t kMostPairs = 10'000;

template <class Kind>
std::string words(const std::vector<Kind>& kinds) {
  std::string text;
  for (const Kind kind : kinds) text += fmt::format(" {}", to_string(kind));
  return text;
}

template <class Kind>
std::string word(const std::optional<Kind>& kind) {
  return kind ? std::string(to_string(*kind)) : "*";
}

std::string text_of(const LayoutRule& rule) {
  std::string text = fmt::format(" {} {}", rule.aos ? "AOS" : "SOA", rule.c_order ? "C" : "F");
  if (rule.compact) text += rule.exact ? " Compact Exact" : " Compact";
  if (rule.alignment)
    text += fmt::format(" Align{}{}", symbol(rule.alignment->relation), rule.alignment->bytes);
  return text;
}

std::vector<std::string> tasks_of(const TaskChoice& tasks) {
  if (tasks.kind) return {std::string(to_string(*tasks.kind))};
  if (tasks.names.empty()) return {"*"};
  std::vector<std::string> result;
  for (const std::string& name : tasks.names) result.push_back(fmt::format("\"{}\"", name));
  return result;
}

std::vector<std::string> regions_of(const RegionChoices& regions) {
  if (regions.empty()) return {"*"};
  std::vector<std::string> result;
  for (const RegionChoice& region : regions)
    result.push_back(region.name.empty() ? std::to_string(region.index)
                                         : fmt::format("\"{}\"", region.name));
  return result;
}

std::string joined(std::vector<std::string> words) {
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return fmt::format("{}", fmt::join(words, ","));
}

/// What each key gets: the decisions in the order of the file up to the first without a condition.
class Decisions {
 public:
  explicit Decisions(const lang::Program& program) : program_(program), read_(read_rules(program)) {
    const RuleList& list = read_.list;
    for (const ProcessorRow& row : list.processors) add("Task", row.head, {""}, words(row.kinds));
    for (const MemoryRow& row : list.memories)
      add("Region", row.head, regions_of(row.regions), words(row.memories), word(row.kind));
    for (const LayoutRow& row : list.layouts)
      add("Layout", row.head, regions_of(row.regions), text_of(row.layout), word(row.memory));
    for (const MapRow& row : list.maps) {
      const std::string& function = read_.functions[static_cast<size_t>(row.function.value)].text;
      used_.push_back(function);
      add(row.index ? "IndexTaskMap" : "SingleTaskMap", row.head, {""}, " " + function);
    }
    for (const NumberRow& row : list.limits)
      add("InstanceLimit", row.head, {""}, fmt::format(" {}", row.number));
    for (const NumberRow& row : list.priorities)
      add("Priority", row.head, {""}, fmt::format(" {}", row.number));
    for (const ArgumentRow& row : list.collected)
      add("CollectMemory", row.head, regions_of(row.regions), "");
    for (const ReplicateRow& row : list.replicated)
      add("ControlReplicate", row.head, {""},
          row.nodes ? fmt::format(" {}..{}", row.nodes->first, row.nodes->last) : "");
  }

  [[nodiscard]] std::string text() const {
    std::string text;
    for (const auto& [key, entry] : entries_) text += fmt::format("{}:{}\n", key, entry.text);
    return text;
  }
  /// Texts that contain the names of all definitions that the rules use.
  [[nodiscard]] const std::vector<std::string>& used() const { return used_; }

 private:
  struct Entry {
    std::string text;
    bool is_closed = false;
  };

  void add(const char* statement, const RuleHead& head, const std::vector<std::string>& regions,
           const std::string& decision, const std::string& kind = "") {
    const std::vector<std::string> tasks = tasks_of(head.tasks);
    const std::string condition = condition_of(head);
    const auto add_one = [&](const std::string& task, const std::string& region) {
      Entry& entry = entries_[fmt::format("{} {} {} {}", statement, task, region, kind)];
      if (entry.is_closed) return;
      entry.text += condition + decision + ";";
      entry.is_closed = condition.empty();
    };
    if (tasks.size() > kMostPairs / std::max<size_t>(regions.size(), 1))
      return add_one(joined(tasks), joined(regions));
    for (const std::string& task : tasks)
      for (const std::string& region : regions) add_one(task, region);
  }

  std::string condition_of(const RuleHead& head) {
    if (head.condition < 0) return "";
    const size_t statement = read_.conditions[static_cast<size_t>(head.condition)];
    const lang::Expr& condition = *program_.statements[statement].condition;
    used_.push_back(lang::dump(condition));
    return fmt::format(" if {}", used_.back());
  }

  const lang::Program& program_;
  ReadRules read_;
  std::map<std::string, Entry> entries_;
  std::vector<std::string> used_;
};

std::vector<std::string> names_in(std::string_view text) {
  const auto belongs = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  std::vector<std::string> names;
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), belongs);
    at = std::find_if_not(begin, text.end(), belongs);
    if (begin != at) names.emplace_back(begin, at);
  }
  return names;
}

/// The definitions that the texts name, and those that these name.
std::string definitions(const lang::Program& program, const std::vector<std::string>& texts) {
  std::map<std::string_view, const lang::Statement*> known;
  for (const lang::Statement& statement : program.statements) {
    if (const auto* function = std::get_if<lang::FunctionDefinition>(&statement.node))
      known.emplace(function->name.text, &statement);
    if (const auto* assignment = std::get_if<lang::Assignment>(&statement.node))
      known.emplace(assignment->name.text, &statement);
  }
  std::vector<std::string> open;
  const auto add_names = [&](std::string_view text) {
    for (std::string& name : names_in(text)) open.push_back(std::move(name));
  };
  for (const std::string& text : texts) add_names(text);
  std::map<std::string, std::string> found;
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    const auto definition = known.find(name);
    if (definition == known.end() || found.contains(name)) continue;
    add_names(found.emplace(name, lang::dump(*definition->second)).first->second);
  }
  std::string text;
  for (const auto& [name, definition] : found) text += definition + "\n";
  return text;
}

}  // namespace

std::string canonical_text(const lang::Program& program) {
  const Decisions decisions(program);
  return decisions.text() + definitions(program, decisions.used());
}

}  // namespace placewright::policy
