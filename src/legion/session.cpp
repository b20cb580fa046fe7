// SPDX-License-Identifier: Apache-2.0
#include "legion/session.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "decide/load.h"
#include "legion/observer.h"
#include "support/files.h"
#include "support/json.h"
#include "support/terminal.h"

namespace placewright::legion {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

/// Whether a rectangle of nodes and processors has less than all of a kind.
bool leaves_processors_out(const machine::MachineShape& shape) {
  return std::ranges::any_of(machine::kProcessorKinds, [&](machine::ProcessorKind kind) {
    const auto nodes = static_cast<int64_t>(shape.nodes_with(kind).size());
    return nodes * shape.processors_per_node(kind) != shape.processors(kind);
  });
}

}  // namespace

SessionOptions SessionOptions::from_environment() {
  SessionOptions options;
  options.mapping = variable("PLACEWRIGHT_MAPPING");
  options.status = variable("PLACEWRIGHT_STATUS");
  options.decisions = variable("PLACEWRIGHT_DECISIONS");
  options.workload = variable("PLACEWRIGHT_WORKLOAD");
  options.recording = variable("PLACEWRIGHT_RECORDING");
  options.records = variable("PLACEWRIGHT_RECORDS");
  options.plan = variable("PLACEWRIGHT_PLAN");
  options.explored = variable("PLACEWRIGHT_EXPLORED");
  options.virtual_gpus = !variable("PLACEWRIGHT_MACHINE_TABLE").empty();
  options.watch_copies = variable("PLACEWRIGHT_WATCH_COPIES") == "1";
  options.replace_mapper = variable("PLACEWRIGHT_REPLACE_MAPPER") == "1";
  options.probe_instances = variable("PLACEWRIGHT_PROBE_INSTANCES") == "1";
  options.as_published = variable("PLACEWRIGHT_AS_PUBLISHED") == "1";
  options.verbose = variable("PLACEWRIGHT_VERBOSE") == "1";
  return options;
}

Session::Session(const SessionOptions& options, const OwnMappers& own_mappers,
                 Legion::Machine machine, int process, Legion::Mapping::MapperRuntime* runtime)
    : Host(machine, runtime),
      options_(options),
      own_mappers_(&own_mappers),
      process_(process),
      status_(options.status, process),
      recorder_(options.decisions, options.workload, this->machine(), process, status_),
      records_(options.records, this->machine().machine(), process, status_),
      host_copies_(options.watch_copies) {
  if (!options_.recording.empty()) {
    structure_ = std::make_unique<Structure>();
    program_order_ = std::make_unique<ProgramOrder>();
  }
  if (options_.mapping.empty()) {
    // Legion's default mapper would read the tags of a program whose mapper was replaced, and knows
    // nothing of the instances that other mappings have made.
    if (options_.replace_mapper || !options_.plan.empty())
      rules_ = decide::empty_rules(this->machine().shape());
    return;
  }
  decide::LoadedRules loaded = decide::load_rules(options_.mapping, this->machine().shape());
  if (!loaded.rules) {
    print_text(stderr, "{}", loaded.messages);
    refuse({"the mapping has errors on the machine that Legion reports"});
  }
  // `placewright run` has checked the mapping for nodes that are all alike.
  if (process_ == 0 && leaves_processors_out(this->machine().shape()))
    print_text(stderr, std::string_view(loaded.messages));
  rules_ = std::move(loaded.rules);
}

Session::~Session() {
  for (const auto& [launched, count] : left_) {
    const nlohmann::json record = {{"event", "left-to-mapper"},
                                   {"task", launched.first},
                                   {"mapper", launched.second},
                                   {"launches", count}};
    status_.line(record.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  save_recording();
  if (unmodelled_) return;
  const HostCopies::Verdict verdict = host_copies_.verdict();
  if (verdict.refusal) end_run(status_, *verdict.refusal);
  if (!verdict.note.empty()) say(verdict.note);
}

void Session::save_recording() {
  if (structure_ == nullptr) return;
  program_order_->ended();
  const std::string text = to_json(structure_->finish(recorder_.workload(), *program_order_));
  if (const auto written = write_file(numbered_path(options_.recording, process_), text); !written)
    end_run(status_, {written.error().message});
}

void Session::left_to_mapper(const std::string& task, Legion::MapperID id) {
  const std::lock_guard lock(said_mutex_);
  ++left_[{task, id}];
}

decide::Setting Session::setting() const {
  return {*rules_, machine().machine(), options_.as_published};
}

void Session::register_sharding(Legion::Runtime* runtime) {
  if (rules_) Host::register_sharding(runtime, rules_, "placewright");
}

std::unique_ptr<Recording> Session::make_recording(Legion::Mapping::MapperRuntime* runtime) {
  return std::make_unique<Observer>(runtime, *this);
}

bool Session::first_time(const std::string& subject) {
  const std::lock_guard lock(said_mutex_);
  return said_.insert(subject).second;
}

void Session::met(const char* what, const std::string& name) {
  if (!first_time(fmt::format("{} {}", what, name))) return;
  const nlohmann::json record = {{"event", "met"}, {what, name}};
  status_.line(dump_json(record));
}

}  // namespace placewright::legion
