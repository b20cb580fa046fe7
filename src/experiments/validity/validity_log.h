// SPDX-License-Identifier: Apache-2.0
// The log of a random-validity experiment: one JSON object per line, the first about the
// experiment, each other one a trial. Lines are written whole and flushed, so a killed experiment
// loses at most the trials that were running; a partial last line is cut off. Only one experiment
// may use it at a time.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "support/line_file.h"
#include "support/result.h"

namespace placewright::experiments {

enum class Front {
  AsPublished,  ///< Parsed and started, with nothing that keeps a mapping from failing.
  Checked       ///< This project's checker, legality rules and memory fall-back.
};
/// "as-published", "checked".
[[nodiscard]] std::string_view to_string(Front front);

/// The result of one mapping under one front.
struct ValidityTrial {
  std::string application;
  int seed = 0;
  Front front = Front::AsPublished;
  /// `ok`, `rejected` (by the front, before any run), or how the run failed: a tune::Status, with
  /// the refusal's id or the memory where there is one: `mapper-error (index-out-of-range)`.
  std::string outcome;
  std::string message;  ///< The first line of the reason; empty when ok.
};

inline constexpr const char* kOk = "ok";
inline constexpr const char* kRejected = "rejected";
/// Whether nothing was started; the reason may follow in brackets.
[[nodiscard]] inline bool is_rejected(const std::string& outcome) {
  return outcome.starts_with(kRejected);
}

/// What all trials of one file share; a file with other facts belongs to another experiment.
using ValidityFacts = std::map<std::string, std::string>;

class ValidityLog {
 public:
  /// Errors: cannot be read or written, is open in another experiment, is not such a log, was
  /// started with other facts, has a line that is not a trial or repeats one. A rejected file
  /// stays unchanged.
  [[nodiscard]] static Result<ValidityLog> open(const std::string& path,
                                                const ValidityFacts& facts);

  [[nodiscard]] const std::vector<ValidityTrial>& trials() const { return trials_; }
  [[nodiscard]] bool has(const std::string& application, int seed, Front front) const;
  /// Errors: cannot be written.
  [[nodiscard]] Result<void> add(const ValidityTrial& trial);

 private:
  using Key = std::tuple<std::string, int, Front>;

  explicit ValidityLog(LineFile file) : file_(std::move(file)) {}
  /// False for a trial that is already known.
  bool keep(ValidityTrial trial);

  LineFile file_;
  std::vector<ValidityTrial> trials_;
  std::map<Key, size_t> known_;
};

}  // namespace placewright::experiments
