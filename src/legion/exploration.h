// SPDX-License-Identifier: Apache-2.0
// Follows what the program launches, gives every launch the generation of its step, and measures the
// steps. One object per process. The hooks are called by the program's tasks; the rest by mappers.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "explore/explorer.h"
#include "explore/step_finder.h"
#include "legion/generations.h"
#include "support/line_file.h"

namespace placewright::legion {

class Exploration {
 public:
  /// `plan`, `log`: paths. Ends the run if they cannot be used.
  Exploration(const std::string& plan, const std::string& log, Session& session,
              Legion::Runtime* runtime);
  ~Exploration();
  Exploration(const Exploration&) = delete;
  Exploration& operator=(const Exploration&) = delete;

  [[nodiscard]] Generations& generations() { return generations_; }
  /// Whether a trace holds the decisions of one mapping only: the program made it, and its number was
  /// translated.
  [[nodiscard]] bool separates(Legion::TraceID trace);

  /// Whether a mapper of ours answers for launches to this mapper id.
  [[nodiscard]] bool answers_for(Legion::MapperID mapper) const;

  /// A task launches another one. Returns the generation that is to decide. May wait for earlier
  /// steps.
  [[nodiscard]] Generation launched(Legion::Context ctx, const explore::LaunchEvent& event,
                                    bool is_bound);
  /// A task is launched in a way that needs the run's own mapping: says so once.
  void kept(const Legion::Task& task, const char* why);
  /// What the last launch of a task returned: tells when its step has ended.
  void returned(Legion::Context ctx, const Legion::Future& future);
  void returned(Legion::Context ctx, const Legion::FutureMap& futures);
  /// The number of the trace to begin or to end in place of the program's.
  [[nodiscard]] Legion::TraceID begun_trace(Legion::Context ctx, Legion::TraceID trace);
  [[nodiscard]] Legion::TraceID ended_trace(Legion::Context ctx, Legion::TraceID trace);

 private:
  /// The end of some launch.
  struct End {
    Legion::Future future;
    Legion::FutureMap futures;
  };
  struct Step {
    End end;
    double windows = 0;  ///< What the program had measured when the next step began.
  };
  /// A task that launches others.
  struct Parent {
    Parent(Legion::UniqueID task, int task_depth, std::string first_task)
        : id(task), depth(task_depth), finder(std::move(first_task)) {}
    Legion::UniqueID id;
    int depth;  ///< 0: the top-level task.
    explore::StepFinder finder;
    Generation inherited = 0;  ///< The generation of its own launch.
    Generation generation = 0;
    std::optional<Step> step;
    std::deque<Step> in_flight;
    std::map<std::pair<Legion::TraceID, Generation>, Legion::TraceID> traces;
    std::vector<Legion::TraceID> open_traces;
  };

  using ParentPtr = std::shared_ptr<Parent>;

  [[nodiscard]] ParentPtr parent(Legion::Context ctx);
  void add(Parent& parent, const explore::LaunchEvent& event);
  [[nodiscard]] bool explores(const Parent& parent);
  void begin_step(Parent& parent);
  void end_block(Parent& parent);
  /// Waits until at most so many steps are in flight.
  void wait_for_steps(Parent& parent, size_t most);
  /// Reads what the plan has gained, and numbers its mappings. Whether it says what comes next.
  bool read_plan();
  /// A task from another process is marked with a mapping that this one has not read yet.
  void learn(Generation generation);
  /// If the plan has no visit yet: ends all steps, then waits for one.
  void wait_for_plan(Parent& parent);
  /// A CPU made copies for a task, which would take at least so many seconds of the clock but are not
  /// modelled.
  void copied(const Legion::Task& task, double seconds);
  void write(const std::string& line);

  Session* session_;
  Legion::Runtime* runtime_;
  std::string step_task_;
  std::mutex reading_;  ///< Whoever reads the plan also numbers what it names.
  size_t numbered_ = 0;
  std::mutex mutex_;  ///< Guards all below.
  std::optional<LineFile> log_;
  std::optional<explore::Explorer> explorer_;
  Generations generations_;
  std::map<Legion::UniqueID, ParentPtr> parents_;
  Legion::UniqueID explored_ = 0;  ///< The parent whose steps are used; 0: none yet.
  int explored_depth_ = 0;
  int explored_block_ = 0;
  Legion::TraceID next_trace_ = 0;
  Legion::TraceID end_of_traces_ = 0;
  std::set<Legion::TraceID> separated_;
  std::set<std::string> kept_;  ///< Names of tasks.
};

}  // namespace placewright::legion
