// SPDX-License-Identifier: Apache-2.0
// Prints, as Markdown, how long each task of circuit takes on a modelled machine, depending on
// where its data is: the table in RESULTS.md. Arguments: machine files. Computes only; no run, no
// clock.
#include <fmt/core.h>
#include <placewright/task_cost.h>

#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include "circuit/costs.h"
#include "circuit/options.h"
#include "machine/description.h"

namespace {

using namespace placewright;

/// One task, and which of its requirements are shared or ghost nodes.
struct TaskModel {
  const char* name;
  std::vector<size_t> exchanged;
  TaskCost cost;
};

std::vector<TaskModel> tasks_of(const circuit::Problem& problem) {
  // All superpieces have the same number of nodes and wires; their wire ends differ a little.
  const circuit::Superpiece piece = circuit::describe_superpiece(problem, 0);
  return {{"calculate_new_currents", {1, 2}, circuit::cost_of_currents(problem, piece)},
          {"distribute_charge", {1, 2}, circuit::cost_of_charges(piece)},
          {"update_voltages", {2, 3}, circuit::cost_of_voltages(piece)}};
}

using Places = std::vector<ArgumentPlace>;

Places everything_in(ModelledMemory memory) {
  ArgumentPlace place;
  place.memory = memory;
  return Places(6, place);
}

Places exchanged_in_zero_copy(const TaskModel& task) {
  Places places = everything_in(ModelledMemory::FrameBuffer);
  for (const size_t requirement : task.exchanged) {
    places[requirement].memory = ModelledMemory::ZeroCopy;
  }
  return places;
}

/// Seconds on the nominal, the fast and the slow machine.
using Tables = std::array<MachineTable, 3>;

Tables tables_of(const machine::MachineDescription& machine) {
  Tables tables;
  const std::array<machine::RangeEnd, 3> ends = {machine::RangeEnd::Nominal,
                                                 machine::RangeEnd::Fast, machine::RangeEnd::Slow};
  for (size_t i = 0; i < ends.size(); ++i) {
    const std::string text =
        machine::flat_machine_table(machine, {.time_scale = 1, .end = ends[i]});
    const MachineTableResult result = parse_machine_table(text, machine.file);
    if (!result.table) {
      fmt::print(stderr, "error: {}\n", result.error);
      std::exit(1);
    }
    tables[i] = *result.table;
  }
  return tables;
}

std::string cell(const TaskModel& task, ModelledProcessor processor, const Places& places,
                 const Tables& tables) {
  std::array<double, 3> us{};
  for (size_t i = 0; i < us.size(); ++i) {
    us[i] = 1e6 * modelled_seconds(task.cost, processor, places, tables[i]);
  }
  return fmt::format("{:.4g} ({:.4g} to {:.4g})", us[0], us[1], us[2]);
}

void print_machine(const machine::MachineDescription& machine) {
  const Tables tables = tables_of(machine);
  fmt::print(
      "\n**{}**, microseconds of one point task: nominal (fastest to slowest machine of the "
      "ranges)\n\n",
      machine.name);
  fmt::print(
      "| input | task | GPU, all in frame buffer | GPU, shared and ghost in zero-copy | "
      "GPU, all in zero-copy | CPU |\n|---|---|---|---|---|---|\n");
  for (const auto& input : circuit::named_inputs()) {
    if (std::string(input.name) == "test") continue;
    for (const TaskModel& task : tasks_of(input.problem)) {
      fmt::print(
          "| {} | `{}` | {} | {} | {} | {} |\n", input.name, task.name,
          cell(task, ModelledProcessor::Gpu, everything_in(ModelledMemory::FrameBuffer), tables),
          cell(task, ModelledProcessor::Gpu, exchanged_in_zero_copy(task), tables),
          cell(task, ModelledProcessor::Gpu, everything_in(ModelledMemory::ZeroCopy), tables),
          cell(task, ModelledProcessor::Cpu, everything_in(ModelledMemory::System), tables));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: circuit_model MACHINE.toml...\n");
    return 2;
  }
  for (int i = 1; i < argc; ++i) {
    const auto machine = placewright::machine::read_machine_file(argv[i]);
    if (!machine) {
      fmt::print(stderr, "error: {}\n", machine.error().message);
      return 1;
    }
    print_machine(*machine);
  }
  return 0;
}
