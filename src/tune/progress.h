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
  /// An evaluation is finished; `best` is the incumbent's median, `ratio` best over default.
  virtual void evaluated(const Evaluation& evaluation, const std::string& best) = 0;
  /// Called about ten times a second.
  virtual void tick(double remaining_s) = 0;
  /// Ends the output; leaves the cursor on a fresh line.
  virtual void finish() = 0;
};

/// `live` redraws a block (ANSI); colours only without NO_COLOR.
[[nodiscard]] std::unique_ptr<Progress> make_progress(std::FILE* out, bool live);
[[nodiscard]] std::unique_ptr<Progress> make_silent_progress();

/// "#12 descent, rp_shared: ZCMEM: 0.912 s" or "...: out-of-memory (FBMEM): message".
[[nodiscard]] std::string describe(const Evaluation& evaluation);

}  // namespace placewright::tune
