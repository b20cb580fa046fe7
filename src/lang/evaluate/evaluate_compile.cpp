// SPDX-License-Identifier: Apache-2.0
// Compiles the tree to the form that the interpreter runs (evaluate_code.h).
#include <algorithm>
#include <utility>

#include "lang/evaluate/evaluate_code.h"
#include "lang/evaluate/integer.h"
#include "lang/syntax/members.h"
#include "support/overload.h"

namespace placewright::lang {
namespace {

constexpr std::string_view kMachineWord = "Machine";

/// A compiled expression and whether its value can differ between the points of a launch.
struct Compiled {
  Code code;
  bool varies = false;
};

Code constant(SourceRange range, Value value) {
  Code code;
  code.range = range;
  code.constant = std::move(value);
  return code;
}

/// Compiles expressions, given the local names in scope.
class Compiler {
 public:
  explicit Compiler(CompiledProgram& program) : program_(program) {}

  CompiledFunction function(const FunctionDefinition& definition);
  CompiledFunction condition(const Expr& expr);
  CompiledStatement statement(const Print& print, SourceRange range);
  /// The expression, with every part marked that is the same for all points of a launch.
  Code expression(const Expr& expr) { return finish(compile(expr)); }
  [[nodiscard]] int slot_count() const { return slot_count_; }

 private:
  struct Local {
    std::string name;
    int slot;
    bool varies;
    bool is_task;
  };

  Compiled compile(const Expr& expr);
  Compiled compile(const NameRef& name, SourceRange range);
  Compiled compile(const Call& call, SourceRange range);
  Compiled compile(const MemberRef& member, SourceRange range);
  Compiled compile(const SliceExpr& slice, SourceRange range);
  Compiled compile(const Comprehension& comprehension, SourceRange range);
  Compiled node(Op op, SourceRange range, const std::vector<const Expr*>& children);
  Compiled list(Op op, SourceRange range, const std::vector<ExprPtr>& children);
  void add(Compiled& parent, Compiled child);
  Code finish(Compiled compiled);
  [[nodiscard]] bool is_task_parameter(const Expr& expr) const;
  [[nodiscard]] const Local* find_local(std::string_view name) const;

  CompiledProgram& program_;
  std::vector<Local> locals_;
  int slot_count_ = 0;
};

bool is_leaf(const Code& code) {
  return code.op == Op::Constant || code.op == Op::Local || code.op == Op::Global ||
         code.op == Op::Star || code.op == Op::Unpack;
}

/// Wraps an expression that is the same for all points of a launch.
Code Compiler::finish(Compiled compiled) {
  if (compiled.varies || is_leaf(compiled.code)) return std::move(compiled.code);
  Code memo;
  memo.op = Op::Memo;
  memo.slot = program_.memo_count++;
  memo.range = compiled.code.range;
  memo.children.push_back(std::move(compiled.code));
  return memo;
}

/// A child that is the same for all points is wrapped as soon as the parent is known to vary; until
/// then the parent may be wrapped as a whole.
void Compiler::add(Compiled& parent, Compiled child) {
  if (child.varies && !parent.varies) {
    parent.varies = true;
    for (Code& sibling : parent.code.children) {
      sibling = finish({std::exchange(sibling, Code{}), false});
    }
  }
  parent.code.children.push_back(parent.varies ? finish(std::move(child)) : std::move(child.code));
}

Compiled Compiler::node(Op op, SourceRange range, const std::vector<const Expr*>& children) {
  Compiled result;
  result.code.op = op;
  result.code.range = range;
  for (const Expr* child : children) add(result, compile(*child));
  return result;
}

Compiled Compiler::list(Op op, SourceRange range, const std::vector<ExprPtr>& children) {
  Compiled result;
  result.code.op = op;
  result.code.range = range;
  for (const ExprPtr& child : children) add(result, compile(*child));
  return result;
}

const Compiler::Local* Compiler::find_local(std::string_view name) const {
  const auto found = std::find_if(locals_.rbegin(), locals_.rend(),
                                  [&](const Local& local) { return local.name == name; });
  return found == locals_.rend() ? nullptr : &*found;
}

bool Compiler::is_task_parameter(const Expr& expr) const {
  if (const auto* inner = std::get_if<Parenthesized>(&expr.node)) {
    return is_task_parameter(*inner->inner);
  }
  const auto* name = std::get_if<NameRef>(&expr.node);
  const Local* local = name ? find_local(name->name) : nullptr;
  return local && local->is_task;
}

Compiled Compiler::compile(const NameRef& name, SourceRange range) {
  Compiled result;
  result.code.range = range;
  if (const Local* local = find_local(name.name)) {
    result.code.op = Op::Local;
    result.code.slot = local->slot;
    result.varies = local->varies;
  } else if (name.name == kMachineWord) {
    result.code.constant = MachineWord{};
  } else {
    result.code.op = Op::Global;
    result.code.slot = program_.global_slot(name.name);
  }
  return result;
}

Compiled Compiler::compile(const Call& call, SourceRange range) {
  Compiled result;
  result.code.range = range;
  if (const auto* member = std::get_if<MemberRef>(&call.callee->node)) {
    result.code.op = Op::Method;
    result.code.member = member->member;
    add(result, compile(*member->object));
  } else {
    const auto* name = std::get_if<NameRef>(&call.callee->node);
    const bool is_local = name && find_local(name->name);
    const auto builtin = name && !is_local && !program_.global_slots.contains(name->name)
                             ? find_builtin(name->name)
                             : std::nullopt;
    const bool is_machine = name && name->name == kMachineWord && !is_local;
    result.code.op = builtin ? Op::Builtin : is_machine ? Op::Machine : Op::Call;
    result.code.builtin = builtin.value_or(Builtin::Min);
    result.varies = result.code.op == Op::Call;
    if (result.code.op == Op::Call) add(result, compile(*call.callee));
  }
  for (const ExprPtr& argument : call.arguments) add(result, compile(*argument));
  return result;
}

Compiled Compiler::compile(const MemberRef& member, SourceRange range) {
  Compiled result = node(Op::Property, range, {member.object.get()});
  result.code.member = member.member;
  // All points of a launch share everything but their coordinates.
  const bool of_launch = info(member.member).owner == MemberOwner::Task &&
                         !info(member.member).is_called() && member.member != Member::IPoint;
  if (of_launch && is_task_parameter(*member.object)) result.varies = false;
  return result;
}

Compiled Compiler::compile(const SliceExpr& slice, SourceRange range) {
  Compiled result = node(Op::Slice, range, {slice.object.get()});
  for (const ExprPtr* bound : {&slice.begin, &slice.end}) {
    add(result, *bound ? compile(**bound) : Compiled{constant(range, std::monostate{}), false});
  }
  return result;
}

Compiled Compiler::compile(const Comprehension& comprehension, SourceRange range) {
  Compiled over = compile(*comprehension.range);
  Compiled result;
  result.code.op = Op::Comprehension;
  result.code.range = range;
  result.code.slot = slot_count_++;
  locals_.push_back({comprehension.variable.text, result.code.slot, true, false});
  result.code.children.push_back(expression(*comprehension.element));
  locals_.pop_back();
  // The variable's slot changes in every iteration, so the whole never counts as the same.
  result.varies = true;
  result.code.children.push_back(finish(std::move(over)));
  return result;
}

Compiled Compiler::compile(const Expr& expr) {
  const SourceRange range = expr.range;
  return std::visit(
      Overload{
          [&](const IntLiteral& literal) {
            return Compiled{constant(range, integer_value(literal.value))};
          },
          [&](const BoolLiteral& literal) { return Compiled{constant(range, literal.value)}; },
          [&](const ProcessorLiteral& literal) { return Compiled{constant(range, literal.kind)}; },
          [&](const MemoryLiteral& literal) { return Compiled{constant(range, literal.kind)}; },
          [&](const Star&) { return node(Op::Star, range, {}); },
          [&](const Parenthesized& inner) { return compile(*inner.inner); },
          [&](const TupleExpr& tuple) { return list(Op::Tuple, range, tuple.elements); },
          [&](const Unary& unary) {
            return node(unary.op == UnaryOp::Not ? Op::Not : Op::Negate, range,
                        {unary.operand.get()});
          },
          [&](const Binary& binary) {
            Compiled result = node(Op::Binary, range, {binary.lhs.get(), binary.rhs.get()});
            result.code.binary = binary.op;
            return result;
          },
          [&](const Unpack& unpack) { return node(Op::Unpack, range, {unpack.operand.get()}); },
          [&](const Conditional& choice) {
            return node(Op::Conditional, range,
                        {choice.condition.get(), choice.if_true.get(), choice.if_false.get()});
          },
          [&](const Index& index) {
            Compiled result = node(Op::Index, range, {index.object.get()});
            for (const ExprPtr& child : index.indices) add(result, compile(*child));
            return result;
          },
          [&](const auto& other) { return compile(other, range); }},
      expr.node);
}

CompiledStatement Compiler::statement(const Print& print, SourceRange range) {
  CompiledStatement result;
  result.kind = CompiledStatement::Kind::Print;
  result.range = range;
  result.format = print.format.value;
  for (const ExprPtr& argument : print.arguments) {
    result.expressions.push_back(expression(*argument));
  }
  return result;
}

CompiledFunction Compiler::function(const FunctionDefinition& definition) {
  CompiledFunction result;
  result.name = definition.name.text;
  result.name_range = definition.name.range;
  for (const Parameter& parameter : definition.parameters) {
    result.parameters.push_back(parameter.type.value);
    locals_.push_back(
        {parameter.name.text, slot_count_++, true, parameter.type.value == ParameterType::Task});
  }
  for (const FunctionStatement& source : definition.body) {
    CompiledStatement compiled;
    if (const auto* print = std::get_if<Print>(&source.node)) {
      compiled = statement(*print, source.range);
    } else if (const auto* give = std::get_if<Return>(&source.node)) {
      compiled.kind = CompiledStatement::Kind::Return;
      compiled.expressions.push_back(expression(*give->value));
    } else {
      const auto& assignment = std::get<Assignment>(source.node);
      Compiled value = compile(*assignment.value);
      const bool varies = value.varies;
      compiled.expressions.push_back(finish(std::move(value)));
      // The first assignment to a name wins; a later one is only evaluated.
      if (!find_local(assignment.name.text)) {
        compiled.kind = CompiledStatement::Kind::Assign;
        compiled.slot = slot_count_++;
        locals_.push_back({assignment.name.text, compiled.slot, varies, false});
      }
    }
    compiled.range = source.range;
    result.body.push_back(std::move(compiled));
  }
  result.slot_count = slot_count_;
  return result;
}

CompiledFunction Compiler::condition(const Expr& expr) {
  CompiledFunction result;
  result.name = "if";
  result.name_range = expr.range;
  result.parameters.push_back(ParameterType::Task);
  locals_.push_back({"task", slot_count_++, true, true});
  CompiledStatement& give = result.body.emplace_back();
  give.kind = CompiledStatement::Kind::Return;
  give.range = expr.range;
  give.expressions.push_back(expression(expr));
  result.slot_count = slot_count_;
  return result;
}

}  // namespace

int CompiledProgram::global_slot(const std::string& name) {
  const auto [found, is_new] = global_slots.try_emplace(name, static_cast<int>(globals.size()));
  if (is_new) {
    globals.emplace_back();
    global_names.push_back(name);
  }
  return found->second;
}

CompiledFunction compile_function(const FunctionDefinition& definition, CompiledProgram& program) {
  return Compiler(program).function(definition);
}

CompiledFunction compile_condition(const Expr& condition, CompiledProgram& program) {
  return Compiler(program).condition(condition);
}

CompiledStatement compile_global(const Assignment& assignment, CompiledProgram& program) {
  Compiler compiler(program);
  CompiledStatement result;
  result.kind = CompiledStatement::Kind::Assign;
  result.range = assignment.name.range;
  result.expressions.push_back(compiler.expression(*assignment.value));
  result.slot_count = compiler.slot_count();
  return result;
}

CompiledStatement compile_global(const Print& print, CompiledProgram& program) {
  Compiler compiler(program);
  CompiledStatement result = compiler.statement(print, print.format.range);
  result.slot_count = compiler.slot_count();
  return result;
}

}  // namespace placewright::lang
