// SPDX-License-Identifier: Apache-2.0
// The progress output of a search: one block redrawn on a terminal, plain lines elsewhere.
// Writes to stderr; report.h renders the results for stdout.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "tune/evaluation.h"

namespace placewright::tune {

class Progress {
 public:
  virtual ~Progress() = default;
  /// A lasting message: a fact, a warning. May have several lines.
  virtual void note(const std::string& text) = 0;
  /// Shows what is running now, until the next call.
  virtual void running(const std::string& what) = 0;
  /// An evaluation is finished. `description` is describe() of it, `best` is about the incumbent.
  virtual void evaluated(const Evaluation& evaluation, const std::string& description,
                         const std::string& best) = 0;
  /// Called about ten times a second.
  virtual void tick(double remaining_s) = 0;
  /// Ends the output; leaves the cursor on a fresh line.
  virtual void finish() = 0;
};

/// Live on a terminal that can redraw lines, plain lines elsewhere.
[[nodiscard]] std::unique_ptr<Progress> make_progress(std::FILE* out);
/// Redraws a block of lines; `columns` 0: as wide as the terminal.
[[nodiscard]] std::unique_ptr<Progress> make_live_progress(std::FILE* out, size_t columns);
[[nodiscard]] std::unique_ptr<Progress> make_silent_progress();

/// "#12 descent, rp_shared: ZCMEM: 0.912 s" or "...: out-of-memory (FBMEM): message".
[[nodiscard]] std::string describe(const Evaluation& evaluation, const Metric& metric);

}  // namespace placewright::tune
