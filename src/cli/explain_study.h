// SPDX-License-Identifier: Apache-2.0
// Findings about an evaluation of a study.
#pragma once

#include <cstdint>
#include <string>

#include "explain/finding.h"
#include "launch/run_application.h"
#include "support/result.h"
#include "tune/evaluation.h"

namespace placewright::cli {

struct StudyFindings {
  tune::Evaluation evaluation;
  std::vector<explain::Finding> findings;
  tune::Metric metric;  ///< The study's.
};

/// Findings about evaluation `id`. If the study has none, its command is run again, with `base` for
/// everything that a study does not record; nullptr: it is not run, because whoever wrote the file
/// chose the command. Errors: no such study or evaluation, a damaged study, nothing can be run.
[[nodiscard]] Result<StudyFindings> explain_study(const std::string& path, int64_t id,
                                                  const launch::RunRequest* base);

}  // namespace placewright::cli
