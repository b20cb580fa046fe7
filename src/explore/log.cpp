// SPDX-License-Identifier: Apache-2.0
#include "explore/log.h"

#include "support/json.h"
#include "support/try.h"

namespace placewright::explore {
namespace {

using nlohmann::json;

std::string line(const char* what, json value) {
  return dump_json(json{{what, std::move(value)}}) + "\n";
}

Block block_of(const json& value) {
  Block block;
  block.number = value.at("number").get<int>();
  block.tasks = value.at("tasks").get<std::vector<std::string>>();
  block.traces = value.at("traces").get<int>();
  block.first = value.at("first").get<std::string>();
  block.before = value.at("before").get<uint64_t>();
  return block;
}

json to_json(const VisitFailure& failure) {
  return {{"id", failure.id}, {"message", failure.message}};
}

VisitFailure failure_of(const json& value) {
  return {value.at("id").get<std::string>(), value.at("message").get<std::string>()};
}

Visited visited_of(const json& value) {
  Visited visited;
  visited.number = value.at("number").get<int>();
  visited.block = value.at("block").get<int>();
  visited.mapping = value.at("mapping").get<std::string>();
  for (const json& step : value.at("steps"))
    visited.steps.push_back({step.at("seconds").get<double>(), step.at("window").get<double>()});
  visited.left = value.at("left").get<std::string>();
  visited.unmodelled = value.at("unmodelled").get<double>();
  if (value.contains("failure")) visited.failure = failure_of(value.at("failure"));
  return visited;
}

}  // namespace

std::string to_line(const Block& block) {
  return line("block", {{"number", block.number},
                        {"tasks", block.tasks},
                        {"traces", block.traces},
                        {"first", block.first},
                        {"before", block.before}});
}

std::string to_line(const Visited& visited) {
  json value = {{"number", visited.number},   {"block", visited.block},
                {"mapping", visited.mapping}, {"steps", json::array()},
                {"left", visited.left},       {"unmodelled", visited.unmodelled}};
  for (const StepTime& step : visited.steps)
    value["steps"].push_back({{"seconds", step.seconds}, {"window", step.window}});
  if (visited.failure) value["failure"] = to_json(*visited.failure);
  return line("visit", std::move(value));
}

std::string to_line(const MappingFailure& failure) {
  json value = to_json(failure.failure);
  value["mapping"] = failure.mapping;
  return line("failure", std::move(value));
}

std::string to_line(const KeptTask& kept) {
  return line("kept", {{"task", kept.task}, {"why", kept.why}});
}

std::string to_line(const Progress& progress) {
  return line("progress", {{"steps", progress.steps}, {"seconds", progress.seconds}});
}

std::string to_line(const Agreement& agreement) {
  return line("agreement",
              {{"block", agreement.block}, {"step", agreement.step}, {"hash", agreement.hash}});
}

std::string to_line(const BlockEnd& end) {
  return line("block-end", {{"block", end.block}, {"steps", end.steps}, {"changes", end.changes}});
}

Result<size_t> count_whole_visits(std::string_view log) {
  size_t count = 0;
  for (size_t end = log.find('\n'); end != std::string_view::npos; end = log.find('\n')) {
    PLACEWRIGHT_TRY(const LogLine read, read_log_line(log.substr(0, end)));
    const auto* visited = std::get_if<Visited>(&read);
    if (visited != nullptr && visited->left.empty()) ++count;
    log.remove_prefix(end + 1);
  }
  return count;
}

Result<LogLine> read_log_line(std::string_view text) {
  return read_json_text(text, [](const json& value) -> Result<LogLine> {
    if (value.contains("block")) return block_of(value.at("block"));
    if (value.contains("visit")) return visited_of(value.at("visit"));
    if (value.contains("failure")) {
      const json& failure = value.at("failure");
      return MappingFailure{failure.at("mapping").get<std::string>(), failure_of(failure)};
    }
    if (value.contains("kept")) {
      const json& kept = value.at("kept");
      return KeptTask{kept.at("task").get<std::string>(), kept.at("why").get<std::string>()};
    }
    if (value.contains("progress")) {
      const json& progress = value.at("progress");
      return Progress{progress.at("steps").get<uint64_t>(), progress.at("seconds").get<double>()};
    }
    if (value.contains("agreement")) {
      const json& state = value.at("agreement");
      return Agreement{state.at("block").get<int>(), state.at("step").get<uint64_t>(),
                       state.at("hash").get<uint64_t>()};
    }
    if (value.contains("block-end")) {
      const json& end = value.at("block-end");
      return BlockEnd{end.at("block").get<int>(), end.at("steps").get<uint64_t>(),
                      end.at("changes").get<uint64_t>()};
    }
    return fail("it is not a line of an exploration's log");
  });
}

}  // namespace placewright::explore
