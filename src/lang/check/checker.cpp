// SPDX-License-Identifier: Apache-2.0
#include "lang/check/checker.h"

#include <fmt/core.h>

#include "lang/check/checker_impl.h"

namespace placewright::lang {

void check(const Program& program, Diagnostics& diagnostics) {
  Checker(program, diagnostics).run();
}

Checker::Checker(const Program& program, Diagnostics& diagnostics)
    : program_(program),
      diagnostics_(diagnostics),
      broken_(program.broken_names.begin(), program.broken_names.end()) {}

void Checker::run() {
  collect_definitions();
  for (size_t i = 0; i < program_.statements.size(); ++i)
    check_statement(program_.statements[i], i);
  if (broken_.empty() && !diagnostics_.has_errors()) report_unused_functions();
}

void Checker::collect_definitions() {
  for (size_t i = 0; i < program_.statements.size(); ++i) {
    const Statement& statement = program_.statements[i];
    if (const auto* assignment = std::get_if<Assignment>(&statement.node))
      collect_global(*assignment, i);
    if (const auto* function = std::get_if<FunctionDefinition>(&statement.node))
      collect_function(*function, i);
    if (const auto* task = std::get_if<TaskStatement>(&statement.node)) {
      const auto add = [&](const std::string& key) {
        if (statement.condition)
          task_rules_.insert_or_assign(key, nullptr);
        else
          task_rules_.emplace(key, task);
      };
      if (task->tasks.any) add("*");
      for (const Name& name : task->tasks.names) add("\"" + name.text);
    }
  }
}

void Checker::collect_global(const Assignment& assignment, size_t statement) {
  const Name& name = assignment.name;
  const auto function = functions_.find(name.text);
  const auto [global, inserted] = globals_.try_emplace(name.text);
  if (inserted) global->second = {&assignment, statement, Progress::Untouched, {}};
  if (inserted && function == functions_.end() && name.text != "Machine") return;
  Diagnostic& d = report(diagnostics_, DiagnosticKind::DuplicateVariable, name.range,
                         fmt::format("`{}` already has a value", name.text));
  d.help = "a variable can be assigned only once; choose another name";
  if (!inserted) {
    d.notes.push_back({global->second.definition->name.range, "first assigned here"});
  } else if (function != functions_.end()) {
    d.notes.push_back({function->second.definition->name.range, "a function of this name"});
  }
}

void Checker::collect_function(const FunctionDefinition& function, size_t statement) {
  const Name& name = function.name;
  const auto global = globals_.find(name.text);
  if (global != globals_.end() || name.text == "Machine") {
    Diagnostic& d = report(diagnostics_, DiagnosticKind::DuplicateVariable, name.range,
                           fmt::format("`{}` is already the name of a value", name.text));
    d.help = "choose another name";
    if (global != globals_.end())
      d.notes.push_back({global->second.definition->name.range, "first assigned here"});
  }
  const auto [entry, inserted] = functions_.try_emplace(name.text);
  if (inserted) {
    entry->second.definition = &function;
    entry->second.statement = statement;
    return;
  }
  Diagnostic& d = report(
      diagnostics_, DiagnosticKind::DuplicateFunction, name.range,
      fmt::format("function `{}` is already defined; this definition is ignored", name.text));
  d.notes.push_back({entry->second.definition->name.range, "first defined here"});
}

void Checker::check_statement(const Statement& statement, size_t index) {
  has_condition_ = statement.condition != nullptr;
  if (has_condition_) check_condition(*statement.condition);
  scope_ = Scope{.function = nullptr, .statement = index, .locals = {}};
  struct Visitor {
    Checker& checker;
    size_t index;
    void operator()(const Assignment& s) const {
      Global& global = checker.globals_.find(s.name.text)->second;
      if (global.definition == &s) {
        checker.global_type(global);
      } else {
        checker.infer(*s.value);
      }
    }
    void operator()(const FunctionDefinition& s) const {
      Function& function = checker.functions_.find(s.name.text)->second;
      if (function.definition == &s) {
        checker.function_result(function);
      } else {
        Function other{.definition = &s, .statement = index};
        checker.function_result(other);
      }
    }
    void operator()(const Print& s) const { checker.check_print(s); }
    void operator()(const MapStatement& s) const { checker.check_map(s, index); }
    void operator()(const TaskStatement& s) const { checker.check_rule(s); }
    void operator()(const RegionStatement& s) const { checker.check_rule(s); }
    void operator()(const LayoutStatement& s) const { checker.check_rule(s); }
    void operator()(const InstanceLimitStatement& s) const { checker.check_rule(s); }
    void operator()(const CollectMemoryStatement& s) const { checker.check_rule(s); }
    void operator()(const ControlReplicateStatement& s) const { checker.check_rule(s); }
    void operator()(const TaskStealStatement& s) const { checker.check_rule(s); }
    void operator()(const PriorityStatement& s) const { checker.check_rule(s); }
  };
  std::visit(Visitor{*this, index}, statement.node);
}

void Checker::check_condition(const Expr& condition) {
  // Globals defined below the rule are visible too: rules are queried after all globals have
  // values.
  scope_ = Scope{
      .function = nullptr, .statement = program_.statements.size(), .locals = {}, .of_rule = true};
  scope_.locals.emplace("task", Local{condition.range, Type{.kind = TypeKind::Task}});
  const Type type = infer(condition);
  if (!expect(condition, type, TypeKind::Bool) || !type.value) return;
  report(diagnostics_, DiagnosticKind::ConstantCondition, condition.range,
         *type.value != 0 ? "condition is always true; remove it"
                          : "condition is always false; the rule never applies");
}

void Checker::report_unused_functions() {
  for (const auto& [name, function] : functions_) {
    if (function.used || function.definition->incomplete) continue;
    report(diagnostics_, DiagnosticKind::UnusedFunction, function.definition->name.range,
           fmt::format("function `{}` is never used", name));
  }
}

// A global is checked in the scope of its own statement, no matter who asks first.
Type Checker::global_type(Global& global) {
  constexpr int kMaxDepth = 50;
  if (global.progress == Progress::Done) return global.type;
  if (global.progress == Progress::Running || depth_ >= kMaxDepth) return {};
  global.progress = Progress::Running;
  Scope outer = std::move(scope_);
  scope_ = Scope{.function = nullptr, .statement = global.statement, .locals = {}};
  ++depth_;
  global.type = infer(*global.definition->value);
  check_assignable(*global.definition->value, global.type);
  --depth_;
  scope_ = std::move(outer);
  global.progress = Progress::Done;
  return global.type;
}

}  // namespace placewright::lang
