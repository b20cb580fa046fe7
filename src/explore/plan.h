// SPDX-License-Identifier: Apache-2.0
// What a run is to explore: a file of JSON lines, which may grow while the program runs.
//
//   {"format": "placewright-exploration", "version": 1, "step": "", "ahead": 2, "waits": true}
//   {"visit": 1, "mapping": "/runs/a.mapping", "steps": 6, "fastest": 0.02}
//   {"use": "/runs/a.mapping"}
//   {"end": "/runs/best.mapping"}
//
// `step`: the task that begins a step, or empty: find the block that repeats. `ahead`: how many steps
// the program may launch before an earlier one has ended. `fastest`: seconds of a step under the best
// mapping so far, 0 or left out where none is known. `waits`: a step without a visit waits for
// the next line of the file; otherwise it uses the last mapping of a line `use`, or the run's own. An
// empty mapping is the run's own. After the end, which is the mapping for the rest of the run, nothing
// is read. Several processes agree only on a file that has its end when they start, or whose steps wait.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace placewright::explore {

struct PlanHeader {
  std::string step;
  int ahead = 2;
  bool waits = false;
};

/// So many steps in a row under a mapping.
struct Visit {
  int number = 0;  ///< From 1.
  std::string mapping;
  int steps = 0;
  double fastest_s = 0;  ///< Seconds of a step under the best mapping so far; 0: unknown.
  bool whole = false;    ///< Does not end early where steps are slow.
};

[[nodiscard]] std::string to_line(const PlanHeader& header);
[[nodiscard]] std::string to_line(const Visit& visit);
[[nodiscard]] std::string use_line(const std::string& mapping);
[[nodiscard]] std::string end_line(const std::string& mapping);

/// Reads a plan while it grows.
class PlanFile {
 public:
  /// Errors: the file cannot be read, has no header, or a line is wrong; each names the line.
  [[nodiscard]] static Result<PlanFile> open(const std::string& path);

  [[nodiscard]] const PlanHeader& header() const { return header_; }
  /// Reads what the file has gained. A last line without its line break is left for the next time.
  [[nodiscard]] Result<void> update();
  /// The next visit that is known; nullopt if there is none yet, or none any more.
  [[nodiscard]] std::optional<Visit> next();
  /// The mapping for steps without a visit.
  [[nodiscard]] const std::string& used() const { return used_; }
  /// The mapping for the rest of the run, once all visits were taken.
  [[nodiscard]] std::optional<std::string> end() const {
    return visits_.empty() ? end_ : std::nullopt;
  }
  /// Takes the plan as it is for complete: the run's own mapping decides from here on.
  void give_up() {
    visits_.clear();
    end_ = "";
  }
  /// Whether the whole plan has been read.
  [[nodiscard]] bool is_complete() const { return end_.has_value(); }
  /// Whether several processes that read it at different moments do the same.
  [[nodiscard]] bool is_agreed() const { return is_complete() || header_.waits; }
  [[nodiscard]] const std::deque<Visit>& visits() const { return visits_; }
  /// The mappings that were read, in the order in which the file names them first. The run's own is
  /// not among them.
  [[nodiscard]] const std::vector<std::string>& named() const { return named_; }

 private:
  explicit PlanFile(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] Result<void> read_line(std::string_view line);
  void name(const std::string& mapping);

  std::string path_;
  uint64_t offset_ = 0;  ///< Bytes read.
  int line_ = 0;
  PlanHeader header_;
  std::deque<Visit> visits_;
  std::string used_;
  std::optional<std::string> end_;
  std::vector<std::string> named_;
};

}  // namespace placewright::explore
