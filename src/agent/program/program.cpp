// SPDX-License-Identifier: Apache-2.0
#include "agent/program/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "support/overload.h"

namespace placewright::agent {
namespace {

using Words = std::vector<std::string_view>;

struct Description {
  std::string_view name;
  Words inputs;
  Words rules;
  std::string_view documentation;
};

// In the order of the enumerators.
const std::array<Description, kDecisionCount>& descriptions() {
  static const std::array<Description, kDecisionCount> all = {{
      {"task_decision",
       {"tasks"},
       {"Task", "Priority", "ControlReplicate", "TaskSteal"},
       "On which kind of processor each task runs: the first listed kind that the machine has and "
       "for which the task has a variant."},
      {"region_decision",
       {"regions"},
       {"Region", "CollectMemory"},
       "In which kind of memory each region argument of a task lies, per kind of processor."},
      {"layout_decision",
       {},
       {"Layout"},
       "How the instances of region arguments are laid out in memory."},
      {"instance_limit_decision",
       {"tasks"},
       {"InstanceLimit"},
       "How many instances of a task may be in flight on a processor at a time."},
      {"index_task_map_decision",
       {"index_tasks", "index_task_specification"},
       {"IndexTaskMap"},
       "Which processor each point of an index launch goes to, by functions from points to "
       "processors."},
      {"single_task_map_decision",
       {"single_tasks"},
       {"SingleTaskMap"},
       "Which processor a task that is launched alone goes to."},
  }};
  return all;
}

const Description& describe(Decision decision) {
  return descriptions()[static_cast<size_t>(decision)];
}

std::string mark(Decision decision) { return fmt::format("# ---- {}", function_name(decision)); }

bool is_mark(std::string_view line) {
  return std::ranges::any_of(kDecisions, [&](Decision decision) { return line == mark(decision); });
}

}  // namespace

std::string_view function_name(Decision decision) { return describe(decision).name; }

std::optional<Decision> parse_function_name(std::string_view word) {
  const auto found = std::ranges::find(kDecisions, word, function_name);
  return found == kDecisions.end() ? std::nullopt : std::optional(*found);
}

std::span<const std::string_view> inputs(Decision decision) { return describe(decision).inputs; }

std::string signature(Decision decision) {
  return fmt::format("{}({})", function_name(decision), fmt::join(inputs(decision), ", "));
}

std::string_view documentation(Decision decision) { return describe(decision).documentation; }

std::span<const std::string_view> allowed_rules(Decision decision) {
  return describe(decision).rules;
}

std::optional<Decision> home(const lang::Statement& statement) {
  using Home = std::optional<Decision>;
  return std::visit(
      Overload{[](const lang::TaskStatement&) -> Home { return Decision::Task; },
               [](const lang::PriorityStatement&) -> Home { return Decision::Task; },
               [](const lang::ControlReplicateStatement&) -> Home { return Decision::Task; },
               [](const lang::TaskStealStatement&) -> Home { return Decision::Task; },
               [](const lang::RegionStatement&) -> Home { return Decision::Region; },
               [](const lang::CollectMemoryStatement&) -> Home { return Decision::Region; },
               [](const lang::LayoutStatement&) -> Home { return Decision::Layout; },
               [](const lang::InstanceLimitStatement&) -> Home { return Decision::InstanceLimit; },
               [](const lang::MapStatement& map) -> Home {
                 return map.launch == lang::LaunchKind::Index ? Decision::IndexTaskMap
                                                              : Decision::SingleTaskMap;
               },
               [](const lang::FunctionDefinition&) -> Home { return std::nullopt; },
               [](const lang::Assignment&) -> Home { return std::nullopt; },
               [](const lang::Print&) -> Home { return std::nullopt; }},
      statement.node);
}

std::string make_body(std::string_view text) {
  std::string body;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
      line.remove_suffix(1);
    if (is_mark(line) || (body.empty() && line.empty())) continue;
    body += line;
    body += '\n';
  }
  while (!body.empty() && body.back() == '\n') body.pop_back();
  return body;
}

std::string generate_mapper(const Program& program) {
  std::string text;
  for (const Decision decision : kDecisions) {
    text += mark(decision) + "\n";
    if (!program[decision].empty()) text += program[decision] + "\n";
  }
  return text;
}

std::optional<BodyLine> body_line(const Program& program, int line) {
  int mark_line = 1;
  for (const Decision decision : kDecisions) {
    const std::string& body = program[decision];
    const int lines = body.empty() ? 0 : static_cast<int>(std::ranges::count(body, '\n')) + 1;
    if (line > mark_line && line <= mark_line + lines) return BodyLine{decision, line - mark_line};
    mark_line += lines + 1;
  }
  return std::nullopt;
}

}  // namespace placewright::agent
