// SPDX-License-Identifier: Apache-2.0
// Compares three mappers for every application on several machines: Legion's default mapper, the
// experts' mapping under our plug-in, and the hand-written mapper in C++. comparison_report.h makes
// tables and JSON.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "experiments/applications.h"
#include "tune/evaluator.h"
#include "tune/report.h"
#include "tune/settings.h"

namespace placewright::experiments {

/// The input of correctness runs: small enough to compute everything on the host.
inline constexpr const char* kCorrectnessInput = "test";

struct ComparisonMachine {
  std::string name;  ///< "cpu", "p100x4", or the path of a machine file.
  std::string file;  ///< Empty: this machine's CPUs.
  int processes = 1;
};

struct ComparisonSettings {
  std::vector<Application> applications;
  std::vector<ComparisonMachine> machines;
  std::string input = "small";  ///< For timing runs.
  bool quick = false;           ///< Correctness runs only, no times.
  int rounds = 7;
  double time_scale = 0;   ///< 0: that of the application's study file, else the machine file's.
  double timeout_s = 120;  ///< Per run.
  std::function<bool()> stop;
  std::function<void(const std::string&)> note;  ///< Progress for the user; may be empty.
};

/// One application on one machine. Element i of both arrays belongs to
/// tune::kBaselines[i].
struct ComparisonRow {
  std::string application;
  std::vector<tune::ReportRow> mappers;  ///< Samples in seconds; none in a quick comparison.
  std::vector<std::string> checksums;    ///< From correctness runs; empty where one failed.
  double time_scale = 0;                 ///< 0: the machine file's own.

  [[nodiscard]] const tune::ReportRow& of(tune::Origin mapper) const;
  [[nodiscard]] bool failed() const;
  /// Whether every mapper finished its correctness run and printed the same checksum.
  [[nodiscard]] bool has_equal_checksums() const;
};

struct ComparisonTable {
  ComparisonMachine machine;
  std::string input;
  bool timed = true;
  std::vector<ComparisonRow> rows;
  std::vector<std::string> notes;  ///< Notes about its runs, without duplicates.
};

struct ComparisonResult {
  std::vector<ComparisonTable> tables;
  bool stopped = false;  ///< The user ended it.
  /// Whether a run failed, checksums differ or something is missing.
  [[nodiscard]] bool failed() const;
};

/// Makes the evaluator of one application on one machine; tests supply a scripted one.
using EvaluatorMaker =
    std::function<Result<std::unique_ptr<tune::Evaluator>>(const tune::Settings& settings)>;

/// One round of correctness runs on kCorrectnessInput gives the checksums; then the mappers are
/// timed in turn (tune/rounds.h). Under a machine file timing runs move no bytes. A mapper that
/// fails is a row with its status; the others continue. Errors: nothing can be run for a reason
/// outside the application and mapping.
[[nodiscard]] Result<ComparisonResult> compare_mappers(const ComparisonSettings& settings,
                                                       const EvaluatorMaker& make_evaluator);

}  // namespace placewright::experiments
