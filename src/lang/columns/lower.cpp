// SPDX-License-Identifier: Apache-2.0
#include "lang/columns/lower.h"

#include "lang/columns/lower_call.h"
#include "lang/columns/lowering.h"

namespace placewright::lang {
namespace {

Lowered<LoweredFunction> lower_launch(Lowering& lowering, const CompiledFunction& function) {
  AbstractFrame frame(static_cast<size_t>(function.slot_count));
  frame[0] = Value(&lowering.launched.task);
  PLACEWRIGHT_TRY(const Abstract value, lower_body(lowering, function, frame));
  PLACEWRIGHT_TRY(const Number place, as_place(lowering, value));
  PLACEWRIGHT_TRY(ColumnProgram program, lowering.emitter.finish(place));
  return LoweredFunction{std::move(program), std::move(lowering.warnings)};
}

}  // namespace

std::optional<LoweredFunction> lower_function(const Evaluator& evaluator, int function,
                                              const LaunchFacts& launch,
                                              machine::ProcessorKind kind, int width) {
  if (launch.domain->volume() == 0 || width == 0) return std::nullopt;
  const CompiledProgram& program = evaluator.compiled();
  Lowering lowering(program, launch, kind, width);
  auto lowered = lower_launch(lowering, program.functions[static_cast<size_t>(function)]);
  if (!lowered) return std::nullopt;
  return *std::move(lowered);
}

}  // namespace placewright::lang
