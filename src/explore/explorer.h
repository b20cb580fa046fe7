// SPDX-License-Identifier: Apache-2.0
// Which mapping each step uses, and how long the steps took. Knows neither Legion nor a clock. Not
// thread-safe.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "explore/log.h"
#include "explore/plan.h"

namespace placewright::explore {

class Explorer {
 public:
  /// Where lines of the log go.
  using Write = std::function<void(const std::string& line)>;

  /// `may_leave`: a visit may end early. Several processes would not agree on when.
  Explorer(PlanFile plan, bool may_leave, Write write)
      : plan_(std::move(plan)), may_leave_(may_leave), write_(std::move(write)) {}

  /// The plan has a visit for the next step, or has ended: no step needs to wait for a line.
  [[nodiscard]] bool knows_next() const;
  /// How many steps may be in flight, with the one that begins next. After the first step of a visit
  /// none: if it is slow, it was the only one.
  [[nodiscard]] int ahead() const;
  /// Reads what the plan has gained. A plan that has become unreadable has ended; the error says why.
  [[nodiscard]] Result<void> read_plan();
  /// The plan's mappings (PlanFile::named).
  [[nodiscard]] const std::vector<std::string>& named() const { return plan_.named(); }
  /// A step of a block begins: its mapping, empty for the run's own.
  [[nodiscard]] std::string begin_step(int block);
  /// The oldest step that has not ended yet has, at `seconds` of some clock; until then the program
  /// had measured `windows` seconds itself.
  void end_step(double seconds, double windows);
  /// The program goes on at `seconds`, after it waited for the plan with no step in flight: the next
  /// step's time begins then. `in_window`: so much of the wait counts in what it measures itself.
  void resumed(double seconds, double in_window);
  /// The steps of the block are over.
  void end_block();
  /// A mapping could not decide for a launch.
  void failed(const std::string& mapping, const VisitFailure& failure);
  /// A CPU made copies under a mapping that would take at least so many seconds of the clock, but are
  /// not modelled.
  void copied(const std::string& mapping, double seconds);
  /// The plan has ended and all its steps too: the rest of the run uses its last mapping.
  [[nodiscard]] bool is_over() const { return plan_.end() && running().empty(); }
  [[nodiscard]] std::string last_mapping() const { return plan_.end().value_or(""); }
  [[nodiscard]] const PlanHeader& header() const { return plan_.header(); }

 private:
  struct Running {
    Visit visit;
    Visited result;
    int begun = 0;
    bool is_closed = false;  ///< No further step begins.
    bool is_written = false;
  };
  using RunningPtr = std::shared_ptr<Running>;
  /// Visits that have begun and not ended, oldest first.
  [[nodiscard]] std::vector<RunningPtr> running() const;
  void close(const RunningPtr& running, const char* why);
  void write_if_over(const RunningPtr& running);
  [[nodiscard]] bool is_slow(const Running& running) const;

  PlanFile plan_;
  bool may_leave_;
  Write write_;
  RunningPtr current_;
  std::deque<RunningPtr> in_flight_;  ///< One for each step; null without a visit.
  std::optional<double> last_end_;
  Progress progress_;
  double last_windows_ = 0;
  std::set<std::string> failed_;
  std::vector<double> own_steps_;  ///< The last seconds under the run's own mapping.
};

}  // namespace placewright::explore
