// SPDX-License-Identifier: Apache-2.0
// The file of a random-validity study: one JSON object per line, the first about the study, each
// other one a trial. Lines are written whole and flushed, so that a study which is killed loses at
// most the trials that were running; half a line at the end is cut off. One study at a time has it.
#pragma once

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "support/result.h"

namespace placewright::experiments {

enum class Front {
  AsPublished,  ///< Parsed and started, with nothing that keeps a mapping from failing.
  Checked       ///< This project's checker, legality rules and memory fall-back.
};
/// "as-published", "checked".
[[nodiscard]] std::string_view to_string(Front front);

/// What became of one mapping under one front.
struct ValidityTrial {
  std::string application;
  int seed = 0;
  Front front = Front::AsPublished;
  /// `ok`, `rejected` (by the front, before any run), or how the run failed: a tune::Status, with
  /// the refusal's id or the memory where there is one: `mapper-error (index-out-of-range)`.
  std::string outcome;
  std::string message;  ///< The first line of why; empty when ok.
};

inline constexpr const char* kOk = "ok";
inline constexpr const char* kRejected = "rejected";
/// Whether nothing was started; the reason may follow the word in brackets.
[[nodiscard]] inline bool is_rejected(const std::string& outcome) {
  return outcome.starts_with(kRejected);
}

/// What all trials of one file share; a file that says otherwise belongs to another study.
using ValidityFacts = std::map<std::string, std::string>;

class ValidityLog {
 public:
  /// Errors: cannot be read or written, another study has it open, is no such file, was begun with
  /// other facts, has a line that is no trial or repeats one. A file that is refused stays as it
  /// is.
  [[nodiscard]] static Result<ValidityLog> open(const std::string& path,
                                                const ValidityFacts& facts);

  [[nodiscard]] const std::vector<ValidityTrial>& trials() const { return trials_; }
  [[nodiscard]] bool has(const std::string& application, int seed, Front front) const;
  /// Errors: cannot be written.
  [[nodiscard]] Result<void> add(const ValidityTrial& trial);

 private:
  using Key = std::tuple<std::string, int, Front>;

  ValidityLog() = default;
  /// False for a trial that is known already.
  bool keep(ValidityTrial trial);
  bool write(const std::string& line);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<ValidityTrial> trials_;
  std::map<Key, size_t> known_;
};

}  // namespace placewright::experiments
