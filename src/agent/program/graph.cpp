// SPDX-License-Identifier: Apache-2.0
#include "agent/program/graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace placewright::agent {
namespace {

constexpr size_t kMostDecisions = 4000;  // bytes of the table of resolved decisions
constexpr size_t kLongestName = 200;

/// `index_task_map_statements`: what a decision function returns.
std::string statements_node(Decision decision) {
  const std::string_view name = function_name(decision);
  constexpr std::string_view kEnding = "_decision";
  return fmt::format("{}_statements", name.substr(0, name.size() - kEnding.size()));
}

std::string_view type_of(std::string_view json) { return json.starts_with('{') ? "dict" : "list"; }

/// The table of decisions with names as data, at most kMostDecisions bytes of whole lines.
std::string decisions_text(const workload::Candidate& candidate) {
  workload::ResolvedDecisions decisions = candidate.decisions;
  for (workload::ResolvedTask& task : decisions.tasks)
    task.name = explain::harmless(task.name, kLongestName);
  const std::string table = workload::canonical_text(decisions);
  std::string text;
  std::string_view rest = table;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    if (text.size() + line.size() > kMostDecisions) return text + "\n...";
    text += text.empty() ? "" : "\n";
    text += line;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

std::string call_text(const Node& node) {
  std::string arguments;
  for (const auto& [parameter, parent] : node.parents)
    arguments += fmt::format("{}{}={}", arguments.empty() ? "" : ", ", parameter, parent);
  return fmt::format("{} = {}({})", node.name, node.operation, arguments);
}

std::string value_text(const Node& node) {
  if (node.type == "code")
    return fmt::format("({}) {}:\n{}", node.type, node.name,
                       node.value.empty() ? "# empty" : node.value);
  const bool long_value = node.value.find('\n') != std::string::npos;
  return fmt::format("({}) {}={}{}", node.type, node.name, long_value ? "\n" : "", node.value);
}

std::string measure(const tune::Metric& metric) {
  const std::string unit = metric.shown_unit();
  if (metric.is_time() && (unit.empty() || unit == "s")) return "the elapsed time in seconds";
  return unit.empty() ? "the number that it prints" : fmt::format("its metric in {}", unit);
}

/// One line per operation of the graph.
std::string documentation_of(const std::string& operation, const tune::Metric& metric) {
  if (const auto decision = parse_function_name(operation))
    return fmt::format("[{}] {} Its body is mapping text.", operation, documentation(*decision));
  static const std::map<std::string, std::string_view, std::less<>> kOthers = {
      {"generate_mapper", "Joins the statements into one mapping, in the order of its arguments."},
      {"check",
       "Checks the mapping for the application and the machine and gives the decisions that it "
       "amounts to, a line for each task, argument and launch."},
  };
  if (operation == "run")
    return fmt::format("[run] Runs the application under the mapping. Gives {}; {} is better.",
                       measure(metric), metric.maximizes() ? "more" : "less");
  return fmt::format("[{}] {}", operation, kOthers.at(operation));
}

std::string constraint_of(const Node& node) {
  const auto decision = parse_function_name(node.name);
  return fmt::format(
      "(code) {}: mapping text. Rules: {}. Functions and global values may come before the rules "
      "that use them. It may be empty. The signature {} is fixed.",
      node.name, fmt::join(allowed_rules(*decision), ", "), signature(*decision));
}

void add_run(Graph& graph, const Outcome& outcome) {
  const bool ok = outcome.ran();
  const tune::Metric& metric = outcome.metric;
  const bool seconds = metric.is_time() && metric.shown_unit() == "s";
  Node run{ok ? (seconds ? "elapsed_s" : "metric") : "exception_run",
           ok ? "float" : "exception",
           ok ? fmt::format("{:.4g}", *outcome.value) : one_line(outcome),
           false,
           "run",
           {{"mapping", "mapping"}, {"decisions", "decisions"}}};
  graph.nodes.push_back(std::move(run));
}

}  // namespace

Graph trace(const Program& program, const Facts& facts, const ProgramCheck& check,
            const std::optional<Outcome>& outcome, const tune::Metric& metric) {
  Graph graph;
  graph.metric = metric;
  for (const auto& [name, value] : facts)
    graph.nodes.push_back({name, std::string(type_of(value)), value, false, "", {}});
  for (const Decision decision : kDecisions)
    graph.nodes.push_back(
        {std::string(function_name(decision)), "code", program[decision], true, "", {}});
  Node mapping{"mapping", "str", "", false, "generate_mapper", {}};
  for (const Decision decision : kDecisions) {
    Node said{
        statements_node(decision), "str", "", false, std::string(function_name(decision)), {}};
    for (const std::string_view input : inputs(decision)) said.parents.emplace_back(input, input);
    mapping.parents.emplace_back(said.name, said.name);
    graph.nodes.push_back(std::move(said));
  }
  graph.nodes.push_back(std::move(mapping));
  const bool ok = check.ok();
  graph.nodes.push_back({ok ? "decisions" : "exception_check",
                         ok ? "str" : "exception",
                         ok ? decisions_text(check.candidate) : check.annotated,
                         false,
                         "check",
                         {{"mapping", "mapping"}, {"machine", "machine"}, {"tasks", "tasks"}}});
  if (ok && outcome) add_run(graph, *outcome);
  return graph;
}

ProblemInstance problem_instance(const Graph& graph, const std::string& instruction,
                                 const std::string& feedback, const std::set<Part>& masked) {
  ProblemInstance problem;
  const auto add = [&](std::string& text, Part part, const std::string& line) {
    if (masked.contains(part)) return;
    text += text.empty() ? "" : "\n";
    text += line;
  };
  add(problem.instruction, Part::Instruction, instruction);
  std::set<std::string> documented;
  for (const Node& node : graph.nodes) {
    if (node.trainable) {
      add(problem.variables, Part::Variables, value_text(node));
      add(problem.constraints, Part::Constraints, constraint_of(node));
    } else if (node.operation.empty()) {
      add(problem.inputs, Part::Inputs, value_text(node));
    } else {
      add(problem.code, Part::Code, call_text(node));
      if (documented.insert(node.operation).second)
        add(problem.documentation, Part::Documentation,
            documentation_of(node.operation, graph.metric));
      // Functions return their bodies, which are already listed as variables.
      if (&node == &graph.output()) {
        add(problem.outputs, Part::Outputs, value_text(node));
      } else if (!node.value.empty()) {
        add(problem.others, Part::Others, value_text(node));
      }
    }
  }
  add(problem.feedback, Part::Feedback, feedback);
  return problem;
}

std::string to_text(const ProblemInstance& problem) {
  const std::pair<std::string_view, const std::string&> parts[] = {
      {"#Instruction", problem.instruction},
      {"#Code", problem.code},
      {"#Documentation", problem.documentation},
      {"#Variables", problem.variables},
      {"#Constraints", problem.constraints},
      {"#Inputs", problem.inputs},
      {"#Others", problem.others},
      {"#Outputs", problem.outputs},
      {"#Feedback", problem.feedback}};
  std::string text;
  for (const auto& [title, part] : parts)
    text += fmt::format("{}{}\n{}\n", text.empty() ? "" : "\n", title, part);
  return text;
}

}  // namespace placewright::agent
