// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright simulate`.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/print_error.h"
#include "cli/read_workload.h"
#include "cli/usage.h"
#include "machine/description.h"
#include "policy/policy.h"
#include "sim/simulate.h"
#include "support/json.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string workload;
  std::string machine;
  bool json = false;
};

/// What came of one mapping.
struct Row {
  std::string file;
  tl::expected<sim::Prediction, decide::Refusal> prediction;
};

std::string seconds(double value) { return fmt::format("{:.4g}", value); }

uint64_t bytes_moved(const sim::Prediction& prediction) {
  uint64_t bytes = 0;
  for (const sim::MovedBetween& each : prediction.moves)
    if (!each.from.empty()) bytes += each.bytes;
  return bytes;
}

void print_table(const std::vector<Row>& rows) {
  size_t width = 7;
  for (const Row& row : rows) width = std::max(width, row.file.size());
  print_text(stdout, "simulated, modelled seconds\n{:{}}  {:>10}  {:>10}  {:>12}\n", "mapping",
             width, "step s", "all s", "bytes moved");
  for (const Row& row : rows) {
    if (!row.prediction) {
      print_text(stdout, "{:{}}  would end the run: {}\n", row.file, width,
                 row.prediction.error().message);
      continue;
    }
    print_text(stdout, "{:{}}  {:>10}  {:>10}  {:>12}\n", row.file, width,
               seconds(row.prediction->step_s), seconds(row.prediction->all_s),
               bytes_moved(*row.prediction));
  }
}

void print_details(const sim::Prediction& prediction) {
  if (!prediction.critical.empty()) print_text(stdout, "critical path:\n");
  for (const sim::Blame& each : prediction.critical)
    print_text(stdout, "  {:5.1f} %  {:.4g} s  {}\n", 100 * each.share, each.seconds, each.what);
  for (const sim::MovedBetween& each : prediction.moves) {
    const std::string words = each.from.empty() ? "filled " + each.to
                              : each.is_local   ? "within " + each.from
                                                : each.from + " to " + each.to;
    print_text(stdout, "{}: {} bytes in {} operations\n", words, each.bytes, each.count);
  }
  for (const sim::MemoryPeak& each : prediction.peaks)
    print_text(stdout, "most in {}: {} of {} bytes\n", each.memory, each.bytes, each.capacity);
  if (prediction.unmodelled_bytes > 0)
    print_text(stdout, "{} bytes are copied by CPUs, which takes no time here\n",
               prediction.unmodelled_bytes);
}

nlohmann::ordered_json json_of(const Row& row) {
  nlohmann::ordered_json json = {{"mapping", row.file}, {"kind", "simulated"}};
  if (!row.prediction) {
    json["refusal"] = row.prediction.error().message;
    return json;
  }
  const sim::Prediction& prediction = *row.prediction;
  json["step_s"] = prediction.step_s;
  json["windows_s"] = prediction.windows_s;
  json["all_s"] = prediction.all_s;
  json["activities"] = prediction.activities;
  for (const sim::Blame& each : prediction.critical)
    json["critical_path"].push_back(
        {{"what", each.what}, {"seconds", each.seconds}, {"share", each.share}});
  for (const sim::MovedBetween& each : prediction.moves)
    json["moves"].push_back({{"from", each.from},
                             {"to", each.to},
                             {"local", each.is_local},
                             {"bytes", each.bytes},
                             {"count", each.count}});
  for (const sim::MemoryPeak& each : prediction.peaks)
    json["peaks"].push_back(
        {{"memory", each.memory}, {"bytes", each.bytes}, {"capacity", each.capacity}});
  json["unmodelled_bytes"] = prediction.unmodelled_bytes;
  return json;
}

Result<int> run(const Options& options) {
  PLACEWRIGHT_TRY(const workload::Recording recording, read_recording(options.workload));
  PLACEWRIGHT_TRY(const machine::MachineDescription machine,
                  machine::read_machine_file(options.machine));
  PLACEWRIGHT_TRY(const sim::Simulator simulator, sim::Simulator::make(recording, machine));
  std::vector<Row> rows;
  for (const std::string& file : options.files) {
    const policy::LoadedPolicy loaded = policy::load_policy(file, simulator.shape());
    print_text(stderr, "{}", loaded.messages);
    if (loaded.policy == nullptr) return 1;
    rows.push_back({file, simulator.predict(*loaded.policy)});
  }
  if (options.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Row& row : rows) list.push_back(json_of(row));
    print_text(stdout, "{}\n", dump_json(list));
  } else {
    print_table(rows);
    if (rows.size() == 1 && rows.front().prediction) print_details(*rows.front().prediction);
  }
  const bool any_refused =
      std::ranges::any_of(rows, [](const Row& row) { return !row.prediction; });
  return any_refused ? 1 : 0;
}

}  // namespace

void add_simulate_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "simulate", "Predict what mappings would do with a recorded program; nothing runs");
  command->add_option("mappings", options->files, "Mapping files")->required()->type_name("FILE");
  command->add_option("--workload", options->workload, "What `placewright record` wrote")
      ->required()
      ->type_name("FILE");
  command->add_option("--machine", options->machine, "Machine file")->required()->type_name("FILE");
  command->add_flag("--json", options->json, "Print JSON");
  set_forms(*command, {"[OPTIONS] --workload FILE --machine FILE MAPPING..."});
  command->footer(
      "Example: placewright simulate --workload circuit.recording --machine "
      "share/machines/p100x4.toml expert.mapping");
  command->callback([options, &exit_status] {
    const Result<int> status = run(*options);
    if (!status) print_error(status.error());
    exit_status = status.value_or(1);
  });
}

}  // namespace placewright::cli
