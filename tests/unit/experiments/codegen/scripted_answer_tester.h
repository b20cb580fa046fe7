// SPDX-License-Identifier: Apache-2.0
// A tester that grades answers by the words in them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "experiments/codegen/answer_tester.h"

namespace placewright::experiments {

/// "right" in the code is right, "bad" does not compile, "broken" is not the answer's fault.
class ScriptedAnswerTester : public AnswerTester {
 public:
  Result<Assessment> assess(Target target, const Strategy& strategy,
                            const std::string& code) override {
    asked.emplace_back(target, strategy.number);
    const auto has = [&](const char* word) { return code.find(word) != std::string::npos; };
    if (has("broken")) return fail("there is no compiler", "install one");
    Assessment result;
    result.facts = 7;
    result.grade = has("right") ? Grade::Right : has("bad") ? Grade::DoesNotCompile : Grade::Fails;
    if (result.grade != Grade::Right) result.message = "not like this: " + code;
    return result;
  }

  std::vector<std::pair<Target, int>> asked;
};

}  // namespace placewright::experiments
