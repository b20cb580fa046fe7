// SPDX-License-Identifier: Apache-2.0
#include "legion/plain_host.h"

#include <cstdio>
#include <cstdlib>

#include "support/for_terminal.h"

namespace placewright::legion {
namespace {

/// Writes one line per mapped task.
class LogRecording final : public Recording {
 public:
  LogRecording(Legion::Mapping::MapperRuntime* runtime, const MachineView& machine,
               DecisionLog& log)
      : runtime_(runtime), machine_(&machine), log_(&log) {}

  void launched(MapperContext, const Legion::Task&) override {}
  void ran(const Legion::Task&, Legion::Processor) override {}
  void mapped(MapperContext ctx, const Legion::Task& task, const MapTaskInput&,
              const MapTaskOutput& output, const MappingReasons*) override {
    if (!log_->is_open()) return;
    std::string line = std::string("task=") + task.get_task_name() + " point=";
    if (task.is_index_space) line += to_string(from_legion(task.index_point));
    line += processors(output) + " variant=" + std::to_string(output.chosen_variant);
    for (unsigned index = 0; index < task.regions.size(); ++index)
      line += " argument=" + argument(ctx, output, index);
    log_->line(line);
  }

 private:
  [[nodiscard]] std::string processors(const MapTaskOutput& output) const {
    std::string text;
    for (const Legion::Processor processor : output.target_procs) {
      const auto place = machine_->place(processor).value_or(decide::ProcessorPlace{});
      if (text.empty()) {
        text = " kind=" + std::string(to_string(place.kind)) +
               " node=" + std::to_string(place.node) + " processors=";
      } else {
        text += "+";
      }
      text += std::to_string(place.ordinal);
    }
    return text;
  }
  [[nodiscard]] std::string argument(MapperContext ctx, const MapTaskOutput& output,
                                     unsigned index) const {
    const auto& instances = output.chosen_instances[index];
    if (instances.empty()) return "NONE";
    const Legion::Mapping::PhysicalInstance& instance = instances.front();
    if (instance.is_virtual_instance()) return "VIRTUAL";
    const auto kind = from_legion(instance.get_location().kind());
    std::string text = std::string(to_string(kind.value_or(machine::MemoryKind::SysMem))) + "," +
                       std::to_string(instance.get_instance_size()) + ",";
    const Legion::LayoutConstraintSet& layout =
        runtime_->find_layout_constraints(ctx, instance.get_layout_id());
    for (const auto dimension : layout.ordering_constraint.ordering)
      text += dimension == LEGION_DIM_F ? "f" : std::to_string(static_cast<int>(dimension));
    return text;
  }

  Legion::Mapping::MapperRuntime* runtime_;
  const MachineView* machine_;
  DecisionLog* log_;
};

}  // namespace

DecisionLog::DecisionLog(int process) {
  const char* path = std::getenv("MAPPING_LOG");
  if (path == nullptr) return;
  const std::string file = std::string(path) + "_" + std::to_string(process);
  file_ = std::fopen(file.c_str(), "we");
  if (file_ == nullptr) std::perror(file.c_str());
}

DecisionLog::~DecisionLog() {
  if (file_ != nullptr) std::fclose(file_);
}

void DecisionLog::line(const std::string& text) {
  const std::lock_guard lock(mutex_);
  std::fputs((text + "\n").c_str(), file_);
  // Lines stay whole even if the process ends abruptly.
  std::fflush(file_);
}

void PlainHost::report(const decide::Refusal& refusal) const {
  const std::string where = refusal.position.empty() ? name_ : refusal.position;
  std::string text = where + ": error: " + refusal.message + "\n";
  if (!refusal.help.empty()) text += "  help: " + refusal.help + "\n";
  std::fflush(stdout);
  std::fputs(for_terminal(text).c_str(), stderr);
}

void PlainHost::say(const std::string& text) const {
  std::fputs(for_terminal(name_ + ": note: " + text + "\n").c_str(), stderr);
}

bool PlainHost::first_time(const std::string& subject) {
  const std::lock_guard lock(said_mutex_);
  return said_.insert(subject).second;
}

std::unique_ptr<Recording> PlainHost::make_recording(Legion::Mapping::MapperRuntime* runtime) {
  return std::make_unique<LogRecording>(runtime, machine(), log_);
}

}  // namespace placewright::legion
