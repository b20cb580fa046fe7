// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/answer_tester.h"

namespace placewright::experiments {

std::string_view to_string(Target target) { return target == Target::Mapping ? "mapping" : "cpp"; }

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::NoAnswer:
      return "no-answer";
    case Verdict::DoesNotCompile:
      return "does-not-compile";
    case Verdict::Fails:
      return "fails";
    case Verdict::Right:
      break;
  }
  return "right";
}

}  // namespace placewright::experiments
