// SPDX-License-Identifier: Apache-2.0
#include "explain/edit.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/check/checker.h"
#include "lang/grammar/index_maps.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/words.h"
#include "support/text.h"
#include "support/whole_words.h"

namespace placewright::explain {
namespace {

/// A mapping that decides nothing.
constexpr const char* kNeutral = "neutral = 1;\n";

/// How many keys a rule has: it is ineffective when as many messages call it a duplicate.
size_t key_count(const lang::Statement& statement) {
  size_t count = 0;
  std::visit(
      [&](const auto& node) {
        if constexpr (requires { node.tasks; }) {
          const lang::TaskSelector& tasks = node.tasks;
          count = tasks.names.size() + (tasks.any ? 1 : 0) + (tasks.kind ? 1 : 0);
        }
        if constexpr (requires { node.region; })
          count *= node.region.arguments.size() + (node.region.any ? 1 : 0);
      },
      statement.node);
  return count;
}

/// The text without the statements, from `from` on, that repeat the keys of earlier ones.
std::string without_duplicates(const std::string& text, uint32_t from) {
  const SourceFile file("mapping", text);
  Diagnostics diagnostics(file);
  const lang::Program program = lang::parse(file, diagnostics);
  if (diagnostics.has_errors()) return text;
  lang::check(program, diagnostics);
  std::string result = text;
  for (auto statement = program.statements.rbegin(); statement != program.statements.rend();
       ++statement) {
    const SourceRange range = statement->range;
    if (range.begin < from || statement->condition != nullptr) continue;
    const auto duplicates = std::ranges::count_if(diagnostics.sorted(), [&](const auto& message) {
      return message.id == "duplicate-rule" && range.contains(message.range);
    });
    if (duplicates == 0 || static_cast<size_t>(duplicates) < key_count(*statement)) continue;
    size_t end = range.end;
    while (end < result.size() && (result[end] == ' ' || result[end] == ';')) ++end;
    const bool own_line = (range.begin == 0 || result[range.begin - 1] == '\n') &&
                          end < result.size() && result[end] == '\n';
    result.erase(range.begin, end + (own_line ? 1 : 0) - range.begin);
  }
  return result;
}

}  // namespace

std::string apply_edit(const Edit& edit, const std::string& mapping) {
  if (mapping.empty()) return edit.rules;
  return without_duplicates(edit.rules + mapping, static_cast<uint32_t>(edit.rules.size()));
}

EditMaker::EditMaker(const workload::Workload& workload, const machine::MachineShape& machine,
                     std::string mapping)
    : workload_(workload), machine_(machine), mapping_(std::move(mapping)) {
  before_ = workload::compile_candidate("mapping", mapping_.empty() ? kNeutral : mapping_,
                                        workload_, machine_);
}

std::optional<Edit> EditMaker::make(std::string label, std::string rules) const {
  if (before_.policy == nullptr) return std::nullopt;
  Edit edit{std::move(label), std::move(rules)};
  const workload::Candidate after =
      workload::compile_candidate("mapping", apply_edit(edit, mapping_), workload_, machine_);
  if (after.policy == nullptr || after.decisions == before_.decisions) return std::nullopt;
  return edit;
}

std::optional<Edit> EditMaker::move_task(const std::string& task,
                                         machine::ProcessorKind kind) const {
  if (!lang::can_be_written(task)) return std::nullopt;
  return make(fmt::format("run {} on {}", as_data(task), to_string(kind)),
              fmt::format("Task {} {};\n", lang::grammar::written_name(task), to_string(kind)));
}

std::optional<Edit> EditMaker::move_regions(const std::set<std::string>& regions,
                                            machine::ProcessorKind kind,
                                            machine::MemoryKind memory) const {
  std::string names, rules;
  for (const std::string& region : regions) {
    if (region.empty() || !lang::can_be_written(region)) return std::nullopt;
    names += (names.empty() ? "" : " and ") + as_data(region);
    rules += fmt::format("Region * {} {} {};\n", lang::grammar::written_name(region),
                         to_string(kind), to_string(memory));
  }
  return make(fmt::format("keep {} in {}", names, to_string(memory)), rules);
}

std::string EditMaker::unused(const std::string& word) const {
  const auto is_used = [&](const std::string& name) { return contains_word(mapping_, name); };
  std::string name = word;
  for (int number = 2; is_used(name); ++number) name = fmt::format("{}_{}", word, number);
  return name;
}

std::optional<Edit> EditMaker::place(const std::string& task, std::string_view map,
                                     machine::ProcessorKind kind) const {
  if (!lang::can_be_written(task)) return std::nullopt;
  const std::string function = lang::grammar::index_map_name(map, kind);
  const std::string space = "m" + lower_case(to_string(kind));
  std::string rules =
      lang::grammar::space_definition(kind) + lang::grammar::index_map_definition(map, kind) +
      fmt::format("IndexTaskMap {} {};\n", lang::grammar::written_name(task), function);
  // The task's name may be one of the two words, too; then replacing words cannot fix the rule.
  if (task == function || task == space) return std::nullopt;
  rules = replace_word(replace_word(rules, function, unused(function)), space, unused(space));
  return make(fmt::format("place the points of {} by {}", as_data(task), map), rules);
}

}  // namespace placewright::explain
