// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/answer_tester.h"

namespace placewright::experiments {

std::string_view to_string(Target target) { return target == Target::Mapping ? "mapping" : "cpp"; }

std::string_view to_string(Grade grade) {
  switch (grade) {
    case Grade::NoAnswer:
      return "no-answer";
    case Grade::DoesNotCompile:
      return "does-not-compile";
    case Grade::Fails:
      return "fails";
    case Grade::Right:
      break;
  }
  return "right";
}

}  // namespace placewright::experiments
