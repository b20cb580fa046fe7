// SPDX-License-Identifier: Apache-2.0
#include "legion/session.h"

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "legion/sharding.h"

namespace placewright::legion {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

SessionOptions SessionOptions::from_environment() {
  SessionOptions options;
  options.mapping = variable("PLACEWRIGHT_MAPPING");
  options.status = variable("PLACEWRIGHT_STATUS");
  options.decisions = variable("PLACEWRIGHT_DECISIONS");
  options.workload = variable("PLACEWRIGHT_WORKLOAD");
  options.virtual_gpus = !variable("PLACEWRIGHT_MACHINE_TABLE").empty();
  options.replace_mapper = variable("PLACEWRIGHT_REPLACE_MAPPER") == "1";
  options.probe_instances = variable("PLACEWRIGHT_PROBE_INSTANCES") == "1";
  options.as_published = variable("PLACEWRIGHT_AS_PUBLISHED") == "1";
  options.verbose = variable("PLACEWRIGHT_VERBOSE") == "1";
  return options;
}

Session::Session(const SessionOptions& options, Legion::Machine machine, int process,
                 Legion::Mapping::MapperRuntime* runtime)
    : options_(options),
      process_(process),
      machine_(machine),
      status_(options.status, process),
      recorder_(options.decisions, options.workload, machine_, process, status_),
      memory_pressure_(runtime) {
  if (options_.mapping.empty()) return;
  policy::LoadedPolicy loaded = policy::load_policy(options_.mapping, machine_.shape());
  if (!loaded.policy) {
    std::fputs(loaded.messages.c_str(), stderr);
    refuse({"the mapping has errors on the machine that Legion reports", "", "", std::nullopt});
  }
  policy_ = std::move(loaded.policy);
}

std::string Session::position(SourceRange range) const {
  const SourceFile& file = policy_->mapping().file;
  const SourcePosition at = file.position(range.begin);
  return fmt::format("{}:{}:{}", file.name(), at.line, at.column);
}

void Session::refuse(const Diagnostic& diagnostic, std::string_view task) const {
  refuse({fmt::format("{} (for task `{}`)", diagnostic.message, task),
          diagnostic.help,
          position(diagnostic.range),
          std::nullopt,
          diagnostic.id,
          {std::string(task), -1, {}}});
}

bool Session::first_time(const std::string& subject) {
  const std::lock_guard lock(said_mutex_);
  return said_.insert(subject).second;
}

void Session::met(const char* what, const std::string& name) {
  if (!first_time(fmt::format("{} {}", what, name))) return;
  const nlohmann::json record = {{"event", "met"}, {what, name}};
  status_.line(record.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Legion::ShardingID Session::sharding(policy::FunctionId function,
                                     machine::ProcessorKind kind) const {
  return first_sharding_ + static_cast<Legion::ShardingID>(static_cast<size_t>(function.value) *
                                                               machine::kProcessorKindCount +
                                                           static_cast<size_t>(kind));
}

Legion::ShardingID Session::sharding_on(int shard) const {
  return first_sharding_ +
         static_cast<Legion::ShardingID>(policy_->functions().size() *
                                         machine::kProcessorKindCount) +
         static_cast<Legion::ShardingID>(shard);
}

void Session::register_sharding(Legion::Runtime* runtime) {
  if (!policy_) return;
  const size_t functions = policy_->functions().size();
  const int shards = machine_.node_count();
  const size_t count = functions * machine::kProcessorKindCount + static_cast<size_t>(shards);
  first_sharding_ = runtime->generate_library_sharding_ids("placewright", count);
  // Legion owns the functors and keeps them until it ends, when this session may be gone.
  for (const policy::FunctionId function : policy_->functions()) {
    for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
      runtime->register_sharding_functor(sharding(function, kind),
                                         new PlacementSharding(policy_, function, kind), true);
    }
  }
  for (int shard = 0; shard < shards; ++shard)
    runtime->register_sharding_functor(sharding_on(shard), new FixedSharding(shard), true);
}

}  // namespace placewright::legion
