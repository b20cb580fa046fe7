// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright simulate`.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/print_error.h"
#include "cli/print_prediction.h"
#include "cli/read_workload.h"
#include "cli/timeline_file.h"
#include "cli/usage.h"
#include "explain/explain.h"
#include "explain/observe.h"
#include "explain/render.h"
#include "machine/load.h"
#include "policy/policy.h"
#include "sim/simulate.h"
#include "support/files.h"
#include "support/json.h"
#include "support/source.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string workload;
  std::string machine;
  std::string level;
  std::string runtime_cost;
  std::string profile;
  std::string timeline;
  int replays = 0;
  size_t passes = 0;
  bool json = false;
  bool explain = false;
  [[nodiscard]] bool observes() const { return explain || !profile.empty() || !timeline.empty(); }
};

/// Simulators of one recording: nominal, and with every uncertain number at its fast or slow end.
struct Simulators {
  sim::Simulator nominal, fast, slow;

  static Result<Simulators> make(const workload::Recording& recording,
                                 const machine::MachineDescription& machine,
                                 const sim::Modelling& modelling) {
    using machine::RangeEnd;
    PLACEWRIGHT_TRY(auto nominal, sim::Simulator::make(recording, machine, modelling));
    PLACEWRIGHT_TRY(auto fast, nominal.at_end(machine, RangeEnd::Fast));
    PLACEWRIGHT_TRY(auto slow, nominal.at_end(machine, RangeEnd::Slow));
    return Simulators{std::move(nominal), std::move(fast), std::move(slow)};
  }
};

/// The first mapping's prediction is explained if there is no other one.
PredictedRow predict(const Simulators& simulators, const Options& options, const std::string& file,
                     const policy::Policy& policy) {
  const bool explains = options.json || options.files.size() == 1;
  const size_t passes = options.passes;
  const sim::Effort effort{
      .most_passes = passes, .explains = explains, .observes = options.observes()};
  PredictedRow row{file, simulators.nominal.predict(policy, effort), {}, {}};
  if (!row.prediction) return row;
  for (const sim::Simulator* end : {&simulators.fast, &simulators.slow}) {
    const auto predicted = end->predict(policy, {.most_passes = passes, .explains = false});
    if (predicted) row.ends_s.push_back(predicted->step_s);
  }
  for (int i = 1; i <= options.replays; ++i) {
    const auto replay = simulators.nominal.predict(
        policy, {.most_passes = passes,
                 .explains = false,
                 .variation = {static_cast<uint64_t>(i), sim::kReplayVariation}});
    if (replay) row.replays_s.push_back(replay->step_s);
  }
  return row;
}

/// Files about the only mapping.
Result<void> write_observed(const Options& options, const sim::ObservedRun& observed) {
  if (!options.profile.empty())
    PLACEWRIGHT_TRY_VOID(write_file(options.profile, profile::to_json(observed.profile)));
  if (!options.timeline.empty())
    PLACEWRIGHT_TRY_VOID(write_file(options.timeline, timeline_json(observed.spans)));
  return {};
}

/// What a profile run would be asked, with simulated times.
std::vector<explain::Finding> findings(const sim::Prediction& prediction,
                                       const workload::Recording& recording,
                                       const machine::MachineDescription& machine,
                                       const sim::Simulator& simulator, const std::string& file,
                                       std::string text) {
  explain::Observation run{file, std::move(text), simulator.shape(), {}};
  run.outcome.status = launch::RunStatus::Ok;
  run.workload = recording.workload;
  run.profile = prediction.observed->profile;
  run.bus_bytes_per_second = explain::peak_bus(machine);
  return explain::explain(run);
}

Result<int> run(const Options& options) {
  if (options.observes() && options.files.size() > 1)
    return fail("--profile, --timeline and --explain are for one mapping",
                "name one mapping, or leave them out");
  PLACEWRIGHT_TRY(const workload::Recording recording, read_recording(options.workload));
  PLACEWRIGHT_TRY(const machine::MachineDescription machine,
                  machine::read_machine(options.machine));
  sim::Modelling modelling{.level = sim::parse_level(options.level)};
  if (!options.runtime_cost.empty()) modelling.runtime_cost = options.runtime_cost == "model";
  PLACEWRIGHT_TRY(const Simulators simulators, Simulators::make(recording, machine, modelling));
  const std::string note = workload::other_machine_note(recording, simulators.nominal.shape());
  if (!note.empty()) print_text(stderr, "note: {}\n", note);
  std::vector<PredictedRow> rows;
  std::vector<explain::Finding> found;
  for (const std::string& file : options.files) {
    const policy::LoadedPolicy loaded = policy::load_policy(file, simulators.nominal.shape());
    print_text(stderr, "{}", loaded.messages);
    if (loaded.policy == nullptr) return 1;
    rows.push_back(predict(simulators, options, file, *loaded.policy));
    const auto& prediction = rows.back().prediction;
    if (!prediction || !prediction->observed) continue;
    PLACEWRIGHT_TRY_VOID(write_observed(options, *prediction->observed));
    if (!options.explain) continue;
    PLACEWRIGHT_TRY(const SourceFile text, SourceFile::read(file));
    found = findings(*prediction, recording, machine, simulators.nominal, file,
                     std::string(text.text()));
  }
  if (options.json) {
    const sim::Bounds bounds = simulators.nominal.bounds();
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const PredictedRow& row : rows) list.push_back(to_json(row, bounds, simulators.nominal));
    print_text(stdout, "{}\n", dump_json(list));
  } else {
    print_table(rows, simulators.nominal);
    if (rows.size() == 1 && rows.front().prediction)
      print_details(*rows.front().prediction, simulators.nominal.bounds());
    if (options.explain && rows.front().prediction)
      print_text(stdout, "\nfindings, by the simulated times:\n{}", explain::to_text(found));
  }
  const bool any_refused =
      std::ranges::any_of(rows, [](const PredictedRow& row) { return !row.prediction; });
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
  command
      ->add_option("--machine", options->machine,
                   "Machine file, or the name of a built-in machine (`placewright machine list`)")
      ->required()
      ->type_name("FILE|NAME[:NODES]");
  command
      ->add_option("--level", options->level,
                   "How copies share links: as the virtual GPU driver has it (the default for one "
                   "node with GPUs), or max-min fair (the only one for several)")
      ->check(one_of({"driver", "shared"}));
  command
      ->add_option(
          "--runtime-cost", options->runtime_cost,
          "Whether the runtime's own work takes time too (default: on machines without GPUs "
          "whose file says how much)")
      ->check(one_of({"none", "model"}));
  command
      ->add_option("--replays", options->replays,
                   "Also simulate so often with tasks and copies that vary, for median and p90")
      ->check(CLI::Range(0, 1000));
  command->add_option("--passes", options->passes,
                      "End after so many passes of the program's main loop (default: all)");
  command
      ->add_option("--profile", options->profile,
                   "For one mapping: write what it spent its time on, for `placewright profile`")
      ->type_name("FILE");
  command
      ->add_option("--timeline", options->timeline,
                   "For one mapping: write every task and copy in Chrome's trace format")
      ->type_name("FILE");
  CLI::Option* json = command->add_flag("--json", options->json, "Print JSON");
  command
      ->add_flag("--explain", options->explain,
                 "For one mapping: print what costs time and what to try, as `explain-run` does")
      ->excludes(json);
  set_forms(*command, {"[OPTIONS] --workload FILE --machine FILE|NAME[:NODES] MAPPING..."});
  command->footer(
      "Example: placewright simulate --workload circuit.recording --machine p100x4 "
      "expert.mapping");
  command->callback([options, &exit_status] {
    const Result<int> status = run(*options);
    if (!status) print_error(status.error());
    exit_status = status.value_or(1);
  });
}

}  // namespace placewright::cli
