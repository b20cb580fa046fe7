// SPDX-License-Identifier: Apache-2.0
#include "cli/explain_decisions.h"

#include <fmt/core.h>

#include <map>
#include <sstream>
#include <vector>

#include "support/json.h"

namespace placewright::cli {
namespace {

using nlohmann::json;
/// How often each answer occurred; answers in alphabetical order.
using Answers = std::map<std::string, int>;

struct TaskAnswers {
  int count = 0;
  Answers places;
  std::vector<Answers> arguments;
};

std::string reason_text(const json& of, const char* key) {
  const json reason = of.value(key, json::object());
  const std::string rule = reason.value("rule", "");
  const std::string note = reason.value("note", "");
  if (rule.empty()) return note.empty() ? "no rule" : note;
  return note.empty() ? rule : fmt::format("{}, {}", rule, note);
}

std::string place_text(const json& line) {
  return fmt::format("{} [{}], place [{}]", line.value("kind", "another kind of processor"),
                     reason_text(line, "kind_reason"), reason_text(line, "place_reason"));
}

std::string argument_text(const json& argument) {
  std::string text = fmt::format("{} [{}]", argument.at("memory").get<std::string>(),
                                 reason_text(argument, "memory_reason"));
  if (argument.contains("layout")) {
    text += fmt::format(", {} {}_order [{}]", argument.at("layout").get<std::string>(),
                        argument.at("order").get<std::string>(),
                        reason_text(argument, "layout_reason"));
  }
  return text;
}

void count(const json& line, std::map<std::string, TaskAnswers>& tasks) {
  TaskAnswers& task = tasks[line.at("task").get<std::string>()];
  ++task.count;
  ++task.places[place_text(line)];
  const json& arguments = line.at("arguments");
  if (task.arguments.size() < arguments.size()) task.arguments.resize(arguments.size());
  for (size_t index = 0; index < arguments.size(); ++index)
    ++task.arguments[index][argument_text(arguments[index])];
}

void print(std::string& text, std::string_view title, const Answers& answers) {
  for (const auto& [answer, times] : answers)
    text += fmt::format("  {:<12} {:>7} x {}\n", title, times, answer);
}

}  // namespace

Result<std::string> explain_decisions(const std::string& lines) {
  std::map<std::string, TaskAnswers> tasks;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    const auto read = read_json_text(line, [&](const json& decision) -> Result<void> {
      count(decision, tasks);
      return {};
    });
    if (!read) return fail("the decisions of the run cannot be read: " + read.error().message);
  }
  std::string text;
  for (const auto& [name, task] : tasks) {
    text += fmt::format("{}: mapped {} times\n", name, task.count);
    print(text, "processor", task.places);
    for (size_t index = 0; index < task.arguments.size(); ++index)
      print(text, fmt::format("argument {}", index), task.arguments[index]);
  }
  return text;
}

}  // namespace placewright::cli
