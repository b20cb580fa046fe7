// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/evaluate.h"

#include <algorithm>
#include <utility>

#include "lang/evaluate/evaluate_code.h"
#include "lang/evaluate/interpreter.h"

namespace placewright::lang {
namespace {

/// Executes the statements of a file in order.
class Loader {
 public:
  Loader(CompiledProgram& program, Diagnostics& diagnostics)
      : program_(program), diagnostics_(diagnostics) {}

  void run(const Program& source) {
    // A definition in the program hides the built-in function, regardless of its position.
    for (const Statement& statement : source.statements) {
      if (const auto* function = std::get_if<FunctionDefinition>(&statement.node))
        program_.global_slot(function->name.text);
      if (const auto* assignment = std::get_if<Assignment>(&statement.node))
        program_.global_slot(assignment->name.text);
    }
    for (size_t i = 0; i < source.statements.size(); ++i) {
      const Statement& statement = source.statements[i];
      if (statement.condition)
        program_.conditions.emplace(i, compile_condition(*statement.condition, program_));
      if (const auto* function = std::get_if<FunctionDefinition>(&statement.node)) {
        define(*function);
      } else if (const auto* assignment = std::get_if<Assignment>(&statement.node)) {
        assign(*assignment);
      } else if (const auto* print = std::get_if<Print>(&statement.node)) {
        Value ignored;
        execute(compile_global(*print, program_), ignored);
      }
    }
  }

 private:
  void define(const FunctionDefinition& definition) {
    CompiledFunction function = compile_function(definition, program_);
    const int slot = program_.global_slot(definition.name.text);
    Value& value = program_.globals[static_cast<size_t>(slot)];
    // If two functions share a name, the first one stays.
    if (!std::holds_alternative<std::monostate>(value)) return;
    value = FunctionValue{static_cast<int>(program_.functions.size())};
    program_.functions.push_back(std::move(function));
  }

  void assign(const Assignment& assignment) {
    const CompiledStatement statement = compile_global(assignment, program_);
    const int slot = program_.global_slot(assignment.name.text);
    Value value;
    if (!execute(statement, value)) {
      program_.failed_globals.push_back(slot);
      return;
    }
    const bool is_storable = !std::holds_alternative<FunctionValue>(value) &&
                             !std::holds_alternative<MachineWord>(value);
    if (!is_storable) {
      report(diagnostics_, DiagnosticKind::NotAssignable, assignment.value->range,
             describe(value) + " cannot be assigned to a name");
      return;
    }
    Value& global = program_.globals[static_cast<size_t>(slot)];
    if (std::holds_alternative<std::monostate>(global)) global = std::move(value);
  }

  bool execute(const CompiledStatement& statement, Value& value) {
    Interpreter interpreter(program_, false);
    const bool good = interpreter.run_global(statement, value);
    for (const Diagnostic& warning : interpreter.warnings()) diagnostics_.add(warning);
    if (!good && !interpreter.error().id.empty()) diagnostics_.add(interpreter.error());
    return good;
  }

  CompiledProgram& program_;
  Diagnostics& diagnostics_;
};

}  // namespace

Evaluator::Evaluator(const Program& program, const machine::MachineShape& machine,
                     Diagnostics& diagnostics, PrintSink sink)
    : program_(std::make_unique<CompiledProgram>(machine, std::move(sink))) {
  Loader(*program_, diagnostics).run(program);
}

Evaluator::~Evaluator() = default;
Evaluator::Evaluator(Evaluator&&) noexcept = default;

std::optional<int> Evaluator::find_function(std::string_view name) const {
  const Value* value = global(name);
  const auto* function = value ? std::get_if<FunctionValue>(value) : nullptr;
  if (!function) return std::nullopt;
  return function->function;
}

const std::string& Evaluator::function_name(int function) const {
  return program_->functions[static_cast<size_t>(function)].name;
}

SourceRange Evaluator::function_range(int function) const {
  return program_->functions[static_cast<size_t>(function)].name_range;
}

bool Evaluator::takes_a_task(int function) const {
  const auto& parameters = program_->functions[static_cast<size_t>(function)].parameters;
  return parameters.size() == 1 && parameters[0] == ParameterType::Task;
}

const Value* Evaluator::global(std::string_view name) const {
  const auto found = program_->global_slots.find(name);
  if (found == program_->global_slots.end()) return nullptr;
  const Value& value = program_->globals[static_cast<size_t>(found->second)];
  return std::holds_alternative<std::monostate>(value) ? nullptr : &value;
}

tl::expected<bool, Diagnostic> Evaluator::holds(size_t statement, const LaunchFacts& launch) const {
  const CompiledFunction& condition = program_->conditions.at(statement);
  TaskView task;
  task.launch = TaskView::Launch::Whole;
  task.facts = &launch;
  // What is the same for all points of one launch may differ between launches.
  Interpreter interpreter(*program_, false);
  Value value;
  if (!interpreter.run_function(condition, task, value)) return tl::unexpected(interpreter.error());
  if (const bool* truth = std::get_if<bool>(&value)) return *truth;
  return tl::unexpected(
      make_diagnostic(DiagnosticKind::TypeMismatch, condition.name_range,
                      "the condition of a rule should be a bool, found " + describe(value)));
}

FunctionRun::FunctionRun(const Evaluator& evaluator, int function)
    : interpreter_(std::make_unique<Interpreter>(evaluator.compiled(), true)),
      function_(&evaluator.compiled().functions[static_cast<size_t>(function)]) {}

FunctionRun::~FunctionRun() = default;

const Value* FunctionRun::evaluate(const TaskView& task) {
  return interpreter_->run_function(*function_, task, result_) ? &result_ : nullptr;
}

const Diagnostic& FunctionRun::error() const { return interpreter_->error(); }
const std::vector<Diagnostic>& FunctionRun::warnings() const { return interpreter_->warnings(); }

}  // namespace placewright::lang
