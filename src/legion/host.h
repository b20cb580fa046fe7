// SPDX-License-Identifier: Apache-2.0
// What the mappers of one process share and need from the program around them: the rules, the
// machine, a place for messages, and what fills the memories. The plug-in has a Session, a generated
// mapper a smaller one.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>

#include "decide/refusal.h"
#include "decide/task_rules.h"
#include "legion.h"
#include "legion/barrier_parents.h"
#include "legion/folds.h"
#include "legion/machine_view.h"
#include "legion/memory_wait.h"
#include "legion/recording.h"
#include "legion/sharding.h"
#include "legion/shared_folds.h"

namespace placewright::legion {

class Host {
 public:
  explicit Host(Legion::Machine machine, Legion::Mapping::MapperRuntime* runtime)
      : program_(std::make_shared<Program>(machine, runtime)) {}
  virtual ~Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  [[nodiscard]] const MachineView& machine() const { return program_->machine; }
  [[nodiscard]] MemoryWait& memory_wait() { return program_->memory_wait; }
  [[nodiscard]] Folds& folds() { return program_->folds; }
  [[nodiscard]] SharedFolds& shared_folds() { return program_->shared_folds; }
  [[nodiscard]] BarrierParents& barrier_parents() { return program_->barrier_parents; }

  /// The mapper's name.
  [[nodiscard]] virtual const char* name() const = 0;
  /// Null if no mapping was given: the default mapper decides.
  [[nodiscard]] virtual const policy::Rules* rules() const = 0;
  /// How the rules are applied. Call it only if there are rules.
  [[nodiscard]] virtual decide::Setting setting() const = 0;
  /// Whether launches to this mapper id would have gone to a mapper of the application: then their
  /// tags mean nothing to Legion's default mapper.
  [[nodiscard]] virtual bool has_foreign_tags(Legion::MapperID id) const = 0;

  /// Reports the refusal and ends the run with status 1, without losing other threads' output.
  [[noreturn]] void refuse(const decide::Refusal& refusal) const {
    report(refusal);
    std::_Exit(1);
  }
  virtual void say(const std::string& text) const = 0;
  /// True on the first call for a subject: for notes that appear only once.
  [[nodiscard]] virtual bool first_time(const std::string& subject) = 0;
  /// The application uses this name.
  virtual void met_task(const std::string& name) = 0;
  virtual void met_region(const std::string& name) = 0;
  /// For one mapper object.
  [[nodiscard]] virtual std::unique_ptr<Recording> make_recording(
      Legion::Mapping::MapperRuntime* runtime) = 0;

  [[nodiscard]] const Sharding& sharding() const { return sharding_; }
  /// Registers the sharding functors of `rules`, those of rules(). Call it once.
  void register_sharding(Legion::Runtime* runtime,
                         const std::shared_ptr<const policy::Rules>& rules,
                         const Sharding::TakeIds& take_ids) {
    sharding_ = Sharding(runtime, setting(), rules, take_ids);
  }
  /// For the one mapping of a run: call it in Legion's registration callback.
  void register_sharding(Legion::Runtime* runtime,
                         const std::shared_ptr<const policy::Rules>& rules, const char* library) {
    register_sharding(runtime, rules, [runtime, library](size_t count) {
      return runtime->generate_library_sharding_ids(library, count);
    });
  }

 protected:
  struct SameProgram {};
  /// Other rules for the program of `other`, with the same instances and tasks in flight.
  Host(SameProgram, const Host& other) : program_(other.program_) {}

 private:
  /// What does not depend on the rules.
  struct Program {
    Program(Legion::Machine legion_machine, Legion::Mapping::MapperRuntime* runtime)
        : machine(legion_machine), memory_wait(runtime), shared_folds(runtime) {}
    MachineView machine;
    MemoryWait memory_wait;
    Folds folds;
    SharedFolds shared_folds;
    BarrierParents barrier_parents;
  };
  virtual void report(const decide::Refusal& refusal) const = 0;

  std::shared_ptr<Program> program_;
  Sharding sharding_;
};

}  // namespace placewright::legion
