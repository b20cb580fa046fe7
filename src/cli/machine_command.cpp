// SPDX-License-Identifier: Apache-2.0
// The subcommands `placewright machine ...`.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/machine_here.h"
#include "cli/print_error.h"
#include "machine/load.h"
#include "machine/presets.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

/// The first sentence of the comment that a machine file begins with.
std::string description_of(std::string_view text) {
  std::string words;
  while (text.starts_with("# ")) {
    const size_t end = text.find('\n');
    words += std::string(words.empty() ? "" : " ") + std::string(text.substr(2, end - 2));
    text.remove_prefix(end + 1);
  }
  return words.substr(0, std::min(words.find(". "), words.find_last_not_of('.') + 1));
}

size_t assumed(const machine::MachineDescription& machine) {
  return static_cast<size_t>(std::ranges::count_if(machine.quantities, [](const auto& each) {
    return each.second.source.find("assumed") != std::string::npos;
  }));
}

Result<void> list() {
  print_text(stdout, "{:<14} {:>4} {:>4} {:>7} {:>8}  {}\n", "name", "GPUs", "CPUs", "numbers",
             "assumed", "one node");
  for (const machine::Preset& preset : machine::presets()) {
    PLACEWRIGHT_TRY(const auto machine, machine::read_machine(std::string(preset.name)));
    print_text(stdout, "{:<14} {:>4} {:>4} {:>7} {:>8}  {}\n", preset.name, machine.gpus(),
               machine.cpu_processors(), machine.quantities.size(), assumed(machine),
               description_of(preset.text));
  }
  return {};
}

Result<void> show(const std::string& name) {
  PLACEWRIGHT_TRY(const auto machine, machine::read_machine(name));
  if (const machine::Preset* preset = machine::find_preset(name)) {
    print_text(stdout, "{}", preset->text);
    return {};
  }
  print_text(stdout, "{}\n", machine::machine_shape(machine).to_string());
  for (const auto& [key, quantity] : machine.quantities)
    print_text(stdout, "{:<34} {:<12.6g} {}{}\n", key, quantity.value,
               quantity.min < quantity.max
                   ? fmt::format("[{:.6g}, {:.6g}] ", quantity.min, quantity.max)
                   : "",
               quantity.source);
  return {};
}

}  // namespace

void add_machine_command(CLI::App& app, int& exit_status) {
  CLI::App* command =
      app.add_subcommand("machine", "Machines that can be simulated: built in, or this one");
  command->require_subcommand(1);
  const auto end = [&exit_status](const Result<void>& done) {
    if (!done) print_error(done.error());
    exit_status = done ? 0 : 1;
  };
  command->add_subcommand("list", "Print their names and what they are")->callback([end] {
    end(list());
  });
  auto name = std::make_shared<std::string>();
  CLI::App* shown = command->add_subcommand(
      "show",
      "Print a machine: the file of a built-in one, to be changed and used as a file, else "
      "its numbers in SI units");
  shown->add_option("machine", *name, "Name, name with a number of nodes, or machine file")
      ->required()
      ->type_name("NAME[:NODES]|FILE");
  shown->callback([name, end] { end(show(*name)); });
  add_machine_discover(*command, end);
  add_machine_calibrate(*command, end);
  command->footer("Example: placewright machine show lassen");
}

}  // namespace placewright::cli
