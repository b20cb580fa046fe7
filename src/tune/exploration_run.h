// SPDX-License-Identifier: Apache-2.0
// One run of the application in which mappings take turns: starts it, hands it one visit after the
// other, and reads what they took. The run waits while it has nothing to visit. Of several processes
// the first one says what steps took, each what failed.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "explore/log.h"
#include "explore/plan.h"
#include "launch/run_application.h"
#include "support/line_file.h"
#include "support/result.h"

namespace placewright::tune {

class ExplorationRun {
 public:
  /// `folder`: for its files. `request`: the application; plan and log are added. Errors: a file
  /// cannot be written.
  [[nodiscard]] static Result<std::unique_ptr<ExplorationRun>> start(
      launch::RunRequest request, const std::string& folder, const explore::PlanHeader& header);
  /// Ends the run.
  ~ExplorationRun();
  ExplorationRun(const ExplorationRun&) = delete;
  ExplorationRun& operator=(const ExplorationRun&) = delete;

  /// Asks for a visit, whose number it returns, after those that were asked for before. Errors: the plan
  /// cannot be written.
  [[nodiscard]] Result<int> ask(explore::Visit visit);
  /// Steps of the visits that were asked for and have not ended, as far as the logs were read.
  [[nodiscard]] int outstanding() const;
  /// Waits for a visit that was asked for. nullopt: as visit().
  [[nodiscard]] Result<std::optional<explore::Visited>> await(int number,
                                                              const std::string& mapping,
                                                              double timeout_s,
                                                              const std::function<bool()>& stopped);
  /// Asks for a visit, which gets its number here, and waits for it. nullopt: the run has ended, `timeout_s` is over, or `stopped`,
  /// which is polled about ten times a second, became true. Errors: files cannot be used.
  [[nodiscard]] Result<std::optional<explore::Visited>> visit(explore::Visit visit,
                                                              double timeout_s,
                                                              const std::function<bool()>& stopped);
  [[nodiscard]] bool has_ended() const { return ended_; }
  /// Waits until the application ends by itself. Errors: it could not be started.
  [[nodiscard]] const Result<launch::RunOutcome>& wait();
  /// Waits for the end; ends it first if it has not. Errors: the application could not be started.
  [[nodiscard]] const Result<launch::RunOutcome>& end();

  /// The blocks seen so far; the last one is the current.
  [[nodiscard]] const std::vector<explore::Block>& blocks() const { return blocks_; }
  [[nodiscard]] int steps() const { return steps_; }
  /// Tasks that keep the run's own mapping, as the first process saw them.
  [[nodiscard]] const std::vector<explore::KeptTask>& kept() const { return kept_; }
  /// Steps without a visit use this mapping from now on. Errors: the plan cannot be written.
  [[nodiscard]] Result<void> use(const std::string& mapping) {
    return plan_.append(explore::use_line(mapping));
  }
  /// The rest of the run uses this mapping, and nothing more can be asked of it.
  [[nodiscard]] Result<void> settle(const std::string& mapping) {
    return plan_.append(explore::end_line(mapping));
  }
  /// How far the loop is known to have come. Errors: the log cannot be read.
  [[nodiscard]] Result<explore::Progress> progress();

 private:
  /// What one process writes.
  struct Log {
    std::string path;
    uint64_t offset = 0;
  };
  ExplorationRun(LineFile plan, std::vector<Log> logs)
      : plan_(std::move(plan)), logs_(std::move(logs)) {}
  /// Reads what the logs have gained. Errors: the processes launch different tasks, too.
  [[nodiscard]] Result<void> read_logs();
  [[nodiscard]] Result<void> read_log(Log& log);
  [[nodiscard]] Result<void> take(explore::LogLine line, bool is_first_process);
  [[nodiscard]] Result<void> check(const explore::Agreement& agreement);

  LineFile plan_;
  std::vector<Log> logs_;
  int visits_ = 0;
  std::map<int, int> outstanding_;  ///< Steps by number of visit.
  int steps_ = 0;
  std::vector<explore::Block> blocks_;
  std::vector<explore::KeptTask> kept_;
  std::map<int, explore::Visited> visited_;  ///< By number, those after the last awaited one.
  std::map<std::string, explore::VisitFailure> failures_;  ///< By mapping.
  std::map<std::pair<int, uint64_t>, uint64_t> hashes_;    ///< By block and step.
  explore::Progress progress_;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> ended_ = false;
  Result<launch::RunOutcome> outcome_ = fail("it has not ended");
  std::thread thread_;
};

}  // namespace placewright::tune
