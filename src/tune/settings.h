// SPDX-License-Identifier: Apache-2.0
// The settings of one `placewright tune`, from the command line or a study file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support/diagnostics.h"
#include "support/result.h"
#include "tune/metric.h"
#include "tune/study_store.h"

namespace placewright::tune {

/// A mapping file of the user.
struct NamedText {
  std::string name;  ///< Its path; empty: none is given.
  std::string text;  ///< Set by read_mappings().
};

/// A further input of the program.
struct Input {
  std::string name;                  ///< Empty: what follows the program in the command.
  std::vector<std::string> command;  ///< As in Settings, here and below.
  std::vector<std::string> correctness_command;
  std::vector<std::string> explore_command;
  std::vector<std::string> handwritten_command;
};

struct Settings {
  std::string name;                              ///< Empty: the program's.
  std::vector<std::string> command;              ///< Program and arguments of a timing run.
  std::vector<std::string> correctness_command;  ///< Empty: `command`.
  std::vector<std::string> explore_command;      ///< More steps of the same; empty: `command`.
  std::vector<std::string> handwritten_command;  ///< Empty: no such baseline.
  /// Mappings are judged by the geometric mean over these too.
  std::vector<Input> inputs;
  std::string expert;               ///< Path of a mapping; empty: no such baseline.
  NamedText start;                  ///< Where the search begins.
  NamedText pin;                    ///< Rules that every candidate keeps.
  std::vector<std::string> only;    ///< Tasks that may change; empty: all. Patterns.
  std::vector<std::string> except;  ///< Tasks that may not.
  std::string machine;              ///< Path of a machine file; empty: as it is.
  double time_scale = 0;            ///< 0: the machine file's own.
  bool runtime_cost = false;        ///< The runtime's own work takes modelled time too.
  int processes = 1;
  bool replace_mapper = false;
  bool whole_runs = false;              ///< Time every mapping by whole runs, not by steps of one.
  bool compares_untouched = false;      ///< The closing comparison has the row kUntouchedRow.
  bool forecasts = false;               ///< Simulates mappings before it measures them.
  Metric metric;                        ///< What is improved.
  std::optional<std::string> checksum;  ///< One group; unset: kDefaultChecksum, if it is there.
  double budget_s = 180;                ///< Wall time, including the closing comparison.
  double closing_s = 0;                 ///< Further wall time, for the closing comparison only.
  int evaluations = 0;                  ///< Most candidates; 0: as many as the budget allows.
  std::string strategy;                 ///< Empty: the caller of the search chooses.
  uint64_t seed = 1;
};

/// Reads a study file (TOML). Relative paths start at the file's folder. In commands `{bin}`
/// stands for `bin_folder` and `{here}` for the file's folder; a program without a slash is taken
/// from `bin_folder` if it is there.
/// Reports: `study-syntax`, `unknown-key` (with the nearest), `wrong-type`, `bad-value`.
[[nodiscard]] std::optional<Settings> read_study_file(const SourceFile& file,
                                                      const std::string& bin_folder,
                                                      Diagnostics& diagnostics);

/// How the input is called in reports: 0 is that of `command`, 1 the first of `inputs`.
[[nodiscard]] std::string input_name(const Settings& settings, size_t input);

/// Reads the texts of `start` and `pin`. Errors: a file that cannot be read.
[[nodiscard]] Result<void> read_mappings(Settings& settings);

/// `90`, `90s`, `3m`, `1m30s`, `1h`: seconds, greater than 0. Errors: anything else.
[[nodiscard]] Result<double> parse_duration(const std::string& text);

/// The facts that a study must share with a search that resumes it.
[[nodiscard]] StudyFacts identity(const Settings& settings);

/// What the application does, as a fact of the study: JSON.
inline constexpr const char* kWorkloadFact = "workload";
/// What the samples of the study's evaluations are, as a fact: kRuns or kSteps.
inline constexpr const char* kMeasuredFact = "measured";
inline constexpr const char* kRuns = "runs";
inline constexpr const char* kSteps = "steps";
/// How many proposals a strategy made before it was told of the first of them, as a fact.
inline constexpr const char* kBatchFact = "batch";
/// What the discovery run launched, for forecasts, as a fact: JSON (workload/recording.h).
inline constexpr const char* kRecordingFact = "recording";
/// Mappings were simulated and the best of them measured, as a fact.
inline constexpr const char* kSimulatedFact = "simulated";
/// The seconds of one step.
[[nodiscard]] Metric step_metric();
/// The unit that the application printed, as a fact of the study.
inline constexpr const char* kUnitFact = "printed_unit";
/// What the samples of a study's evaluations mean, from its facts.
[[nodiscard]] Metric metric_of(const StudyFacts& facts);
/// The same of its closing comparison, which is of whole runs.
[[nodiscard]] Metric closing_metric_of(const StudyFacts& facts);

}  // namespace placewright::tune
