// SPDX-License-Identifier: Apache-2.0
// A part of a recording as JSON, and back: a recording with one member more.
#include <fmt/format.h>

#include "support/try.h"
#include "workload/partial_recording.h"
#include "workload/recording_nodes.h"

namespace placewright::workload {
namespace {

using Json = nlohmann::ordered_json;
using Node = WorkloadNode;
using Part = PartialRecording;

Json place_json(const Part::Place& place) { return {place.parent, place.number, place.tasks}; }

Json program_json(TaskNumber task, const Part::Program& program) {
  Json marks = Json::array(), results = Json::array();
  for (const Part::Mark& mark : program.marks)
    marks.push_back({mark.launches, operation_json(mark.operation)});
  for (const auto& [launch, back] : program.uses_results) results.push_back({launch, back});
  return {task, program.launches, std::move(marks), std::move(results)};
}

/// The elements of a list that has so many.
Result<std::vector<Node>> elements_of(const Node& node, size_t count) {
  PLACEWRIGHT_TRY(std::vector<Node> elements, node.elements());
  if (elements.size() != count) return node.wrong(fmt::format("a list of {}", count));
  return elements;
}

Result<Part::Place> read_place(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> elements, elements_of(node, 3));
  Part::Place place;
  PLACEWRIGHT_TRY(place.parent, elements[0].size());
  PLACEWRIGHT_TRY(place.number, elements[1].size());
  PLACEWRIGHT_TRY(place.tasks, read_all_numbers<TaskNumber>(elements[2]));
  return place;
}

Result<Part::Mark> read_mark(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> elements, elements_of(node, 2));
  Part::Mark mark;
  PLACEWRIGHT_TRY(mark.launches, elements[0].size());
  PLACEWRIGHT_TRY(mark.operation, read_operation(elements[1]));
  return mark;
}

Result<std::pair<uint64_t, std::vector<uint32_t>>> read_results(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> elements, elements_of(node, 2));
  PLACEWRIGHT_TRY(const uint64_t launch, elements[0].size());
  PLACEWRIGHT_TRY(std::vector<uint32_t> back, read_all_numbers<uint32_t>(elements[1]));
  return std::pair(launch, std::move(back));
}

Result<std::pair<TaskNumber, Part::Program>> read_program(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> elements, elements_of(node, 4));
  PLACEWRIGHT_TRY(const TaskNumber task, elements[0].size());
  Part::Program program;
  PLACEWRIGHT_TRY(program.launches, elements[1].size());
  PLACEWRIGHT_TRY(program.marks, read_all(Result<Node>(elements[2]), read_mark));
  PLACEWRIGHT_TRY(const auto results, read_all(Result<Node>(elements[3]), read_results));
  program.uses_results.insert(results.begin(), results.end());
  return std::pair(task, std::move(program));
}

Result<std::pair<TaskNumber, uint32_t>> read_cost(const Node& node) {
  PLACEWRIGHT_TRY(const std::vector<Node> elements, elements_of(node, 2));
  PLACEWRIGHT_TRY(const TaskNumber task, elements[0].size());
  PLACEWRIGHT_TRY(const uint32_t cost, read_number<uint32_t>(elements[1]));
  return std::pair(task, cost);
}

Result<Part> read_part(const Node& root) {
  PLACEWRIGHT_TRY(Recording seen, read_unchecked(root));
  Part part{std::move(seen)};
  PLACEWRIGHT_TRY(const Node more, root.at("part"));
  PLACEWRIGHT_TRY(part.places, read_all(more.at("places"), read_place));
  PLACEWRIGHT_TRY(const auto programs, read_all(more.at("programs"), read_program));
  part.programs.insert(programs.begin(), programs.end());
  PLACEWRIGHT_TRY(const auto costs, read_all(more.at("costs"), read_cost));
  part.costs.insert(costs.begin(), costs.end());
  return part;
}

}  // namespace

std::string to_json(const PartialRecording& part) {
  Json places = Json::array(), programs = Json::array(), costs = Json::array();
  for (const Part::Place& place : part.places) places.push_back(place_json(place));
  for (const auto& [task, program] : part.programs) programs.push_back(program_json(task, program));
  for (const auto& [task, cost] : part.costs) costs.push_back({task, cost});
  Json root = recording_json(part.seen);
  root["part"] = {{"places", std::move(places)},
                  {"programs", std::move(programs)},
                  {"costs", std::move(costs)}};
  return dump_json(root) + "\n";
}

Result<PartialRecording> partial_recording_from_json(const std::string& text) {
  const auto json = parse_json<nlohmann::ordered_json>(text);
  if (!json) return fail("the recording of a process is " + json.error().message);
  Result<Part> part = read_part(Node(*json, ""));
  if (!part) return fail(fmt::format("not a recording of a process: {}", part.error().message));
  return part;
}

}  // namespace placewright::workload
