// SPDX-License-Identifier: Apache-2.0
// The interface through which the code-generation experiment has answers tested. What a test does
// is up to its implementation (circuit_tester.h).
#pragma once

#include <string>
#include <string_view>

#include "experiments/codegen/strategy.h"
#include "support/result.h"

namespace placewright::experiments {

enum class Target { Mapping, Cpp };
/// "mapping", "cpp".
[[nodiscard]] std::string_view to_string(Target target);

enum class Grade {
  NoAnswer,        ///< The model declined, or wrote nothing.
  DoesNotCompile,  ///< The checker or the compiler refuses it.
  Fails,           ///< It crashes, hangs, changes results, or does something else.
  Right            ///< Legion did what the strategy demands.
};
/// "no-answer", "does-not-compile", "fails", "right".
[[nodiscard]] std::string_view to_string(Grade grade);

/// The result of testing one answer.
struct Assessment {
  Grade grade = Grade::NoAnswer;
  std::string message;  ///< For the author of the answer; empty when it is right.
  size_t facts = 0;     ///< Facts of the run that were compared.
  double compile_s = 0;
  double run_s = 0;
};

class AnswerTester {
 public:
  virtual ~AnswerTester() = default;
  /// Errors: nothing could be tested, for a reason outside the answer.
  [[nodiscard]] virtual Result<Assessment> assess(Target target, const Strategy& strategy,
                                                  const std::string& code) = 0;
};

}  // namespace placewright::experiments
