// SPDX-License-Identifier: Apache-2.0
// Types of expressions, and the constant values they fold to.
#include <fmt/core.h>

#include <algorithm>

#include "lang/check/checker_impl.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

const Expr& without_parentheses(const Expr& expr) {
  const Expr* inner = &expr;
  while (const auto* parenthesized = std::get_if<Parenthesized>(&inner->node))
    inner = parenthesized->inner.get();
  return *inner;
}

/// `mgpu`, `m_cpu`, `m2d`: the usual names for processor spaces.
bool is_machine_name(std::string_view name) {
  if (name.empty() || name[0] != 'm') return false;
  const std::string_view rest = name.substr(name.starts_with("m_") ? 2 : 1);
  return rest.empty() || rest == "gpu" || rest == "cpu" || rest == "omp" || rest == "1d" ||
         rest == "2d" || rest == "3d" || name == "machine";
}

std::string_view machine_kind(std::string_view name) {
  if (name.ends_with("cpu")) return "CPU";
  return name.ends_with("omp") ? "OMP" : "GPU";
}

/// The result of a comparison or connective of known values.
int64_t fold_logic(BinaryOp op, int64_t a, int64_t b) {
  if (op == BinaryOp::And) return a != 0 && b != 0;
  if (op == BinaryOp::Or) return a != 0 || b != 0;
  return holds(op, a, b);
}

/// `*a + b`: reported at the unpacking, so that no further message is needed.
bool has_unpacked_operand(const Expr& expr) {
  const auto* binary = std::get_if<Binary>(&without_parentheses(expr).node);
  if (binary == nullptr) return false;
  return std::holds_alternative<Unpack>(binary->lhs->node) ||
         std::holds_alternative<Unpack>(binary->rhs->node) || has_unpacked_operand(*binary->lhs);
}

/// The result unless it needs more than 64 bits. `b` is not a zero divisor.
std::optional<int64_t> fold(BinaryOp op, int64_t a, int64_t b) {
  int64_t result = 0;
  switch (op) {
    case BinaryOp::Add:
      return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case BinaryOp::Subtract:
      return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case BinaryOp::Multiply:
      return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case BinaryOp::Divide:
      return b == -1 ? fold(BinaryOp::Subtract, 0, a) : std::optional(a / b);
    case BinaryOp::Remainder:
      return b == -1 ? 0 : a % b;
    default:
      return std::nullopt;
  }
}

}  // namespace

Type Checker::infer(const Expr& expr) {
  return std::visit([&](const auto& node) { return infer(expr, node); }, expr.node);
}

Type Checker::infer(const Expr&, const IntLiteral& node) { return int_type(node.value); }
Type Checker::infer(const Expr&, const BoolLiteral& node) { return bool_type(node.value); }
Type Checker::infer(const Expr&, const ProcessorLiteral& node) {
  return {.kind = TypeKind::Processor, .processor = node.kind};
}
Type Checker::infer(const Expr&, const MemoryLiteral&) { return {.kind = TypeKind::Memory}; }
Type Checker::infer(const Expr&, const Parenthesized& node) { return infer(*node.inner); }
Type Checker::infer(const Expr& expr, const NameRef& node) { return name_type(expr, node.name); }

Type Checker::name_type(const Expr& expr, const std::string& name) {
  if (const auto local = scope_.locals.find(name); local != scope_.locals.end())
    return local->second.type;
  if (const auto found = globals_.find(name); found != globals_.end()) {
    Global& global = found->second;
    if (scope_.function == nullptr && global.statement >= scope_.statement) {
      report(diagnostics_, DiagnosticKind::UsedBeforeDefinition, expr.range,
             fmt::format("`{}` is used before it has a value", name))
          .notes.push_back({global.definition->name.range, "assigned here"});
      return {};
    }
    return global_type(global);
  }
  if (name == "Machine") {
    report(diagnostics_, DiagnosticKind::BareMachine, expr.range,
           "expected `Machine` with a processor kind")
        .help = "write `Machine(GPU)`";
    return space_type(2);
  }
  if (functions_.contains(name)) return {.kind = TypeKind::Function};
  if (!is_broken(name)) report_unknown_name(expr, name);
  return {};
}

void Checker::report_unknown_name(const Expr& expr, const std::string& name) {
  if (scope_.function != nullptr) {
    const FunctionDefinition& definition = *scope_.function->definition;
    if (definition.incomplete && definition.parameters.empty()) return;  // its header is broken
    for (const FunctionStatement& statement : definition.body) {
      const auto* later = std::get_if<Assignment>(&statement.node);
      if (later == nullptr || later->name.text != name) continue;
      report(diagnostics_, DiagnosticKind::UsedBeforeDefinition, expr.range,
             fmt::format("`{}` is used before it has a value", name))
          .notes.push_back({later->name.range, "assigned here"});
      return;
    }
  }
  Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownVariable, expr.range,
                         fmt::format("unknown variable `{}`", name));
  if (suggest(d, name, visible_names(TypeKind::Unknown))) return;
  if (is_machine_name(name)) {
    const std::string definition = fmt::format("{} = Machine({});", name, machine_kind(name));
    d.help = fmt::format("define it first: `{}`", definition);
    const uint32_t begin = program_.statements.front().range.begin;
    d.fixes = {FixIt{{begin, begin}, definition + "\n"}};
  } else if (name == "true" || name == "false") {
    d.help = name == "true" ? "write `True`" : "write `False`";
  }
}

Type Checker::infer(const Expr& expr, const Star&) {
  report(diagnostics_, DiagnosticKind::MisplacedStar, expr.range,
         "`*` selects all points of a dimension and can only be an index of a processor space");
  return {};
}

Type Checker::infer(const Expr& expr, const Unpack& node) {
  infer(*node.operand);
  report(diagnostics_, DiagnosticKind::MisplacedUnpack, expr.range,
         "a tuple can only be unpacked as a whole index, element or argument")
      .help = "`*` binds like a multiplication: `*a + b` is `(*a) + b`; write `*(a + b)`";
  return {};
}

Type Checker::infer(const Expr&, const TupleExpr& node) {
  const Elements elements = infer_elements(node.elements, false);
  for (const Element& element : elements.known) expect(*element.expr, element.type, TypeKind::Int);
  if (!elements.complete) return tuple_type();
  return tuple_type(static_cast<int64_t>(elements.known.size()));
}

// Splices unpacked tuples into the list. The elements of a tuple are integers.
Checker::Elements Checker::infer_elements(const std::vector<ExprPtr>& list, bool stars) {
  Elements result;
  for (const ExprPtr& item : list) {
    const Expr& expr = without_parentheses(*item);
    if (stars && std::holds_alternative<Star>(expr.node)) {
      result.known.push_back({item.get(), {}, true});
      continue;
    }
    const auto* unpack = std::get_if<Unpack>(&expr.node);
    if (unpack == nullptr) {
      const Type type = infer(*item);
      const bool broken = has_unpacked_operand(expr);
      result.known.push_back({item.get(), broken ? Type{} : type});
      result.complete = result.complete && !broken;
      continue;
    }
    constexpr int64_t kMaxSpliced = 1000;
    const Type tuple = infer(*unpack->operand);
    expect(*unpack->operand, tuple, TypeKind::Tuple);
    if (tuple.is(TypeKind::Tuple) && tuple.length && *tuple.length <= kMaxSpliced) {
      for (int64_t i = 0; i < *tuple.length; ++i) result.known.push_back({item.get(), int_type()});
    } else {
      result.complete = false;
    }
  }
  return result;
}

Type Checker::infer(const Expr&, const Unary& node) {
  const Type operand = infer(*node.operand);
  if (node.op == UnaryOp::Not) {
    expect(*node.operand, operand, TypeKind::Bool);
    const bool is_known = operand.is(TypeKind::Bool) && operand.value;
    return bool_type(is_known ? std::optional(1 - *operand.value) : std::nullopt);
  }
  if (operand.is(TypeKind::Tuple)) return tuple_type(operand.length);
  if (!expect(*node.operand, operand, TypeKind::Int) || operand.unknown()) return {};
  return int_type(operand.value ? fold(BinaryOp::Subtract, 0, *operand.value) : std::nullopt);
}

Type Checker::infer(const Expr& expr, const Binary& node) {
  const Type lhs = infer(*node.lhs);
  const Type rhs = infer(*node.rhs);
  if (node.op >= BinaryOp::Less) return infer_logic(node, lhs, rhs);
  return infer_arithmetic(expr, node, lhs, rhs);
}

// `&& ||` of two Booleans; comparisons of integers and tuples; `== !=` of Booleans too.
Type Checker::infer_logic(const Binary& node, const Type& lhs, const Type& rhs) {
  const auto value = lhs.value && rhs.value
                         ? std::optional(fold_logic(node.op, *lhs.value, *rhs.value))
                         : std::nullopt;
  if (node.op == BinaryOp::And || node.op == BinaryOp::Or) {
    if (expect(*node.lhs, lhs, TypeKind::Bool)) expect(*node.rhs, rhs, TypeKind::Bool);
    return bool_type(value);
  }
  const bool equality = node.op == BinaryOp::Equal || node.op == BinaryOp::NotEqual;
  const auto numeric = [](const Type& type) {
    return type.unknown() || type.is(TypeKind::Int) || type.is(TypeKind::Tuple);
  };
  const bool truths = equality && lhs.may_be(TypeKind::Bool) && rhs.may_be(TypeKind::Bool);
  if (!truths && !(numeric(lhs) && numeric(rhs))) {
    report(diagnostics_, DiagnosticKind::TypeMismatch, node.op_range,
           fmt::format("`{}` compares integers and tuples{}, found {} and {}", to_string(node.op),
                       equality ? ", or two truth values" : "", describe(lhs), describe(rhs)));
    return bool_type();
  }
  const bool ordered_tuples = !equality && lhs.is(TypeKind::Tuple) && rhs.is(TypeKind::Tuple);
  if (ordered_tuples && lhs.length && rhs.length && lhs.length != rhs.length) {
    report(diagnostics_, DiagnosticKind::LengthMismatch, node.op_range,
           fmt::format("`{}` takes two tuples of one length, found {} and {} elements",
                       to_string(node.op), *lhs.length, *rhs.length));
  }
  return bool_type(value);
}

// Integers and tuples; an integer is combined with every element of a tuple.
Type Checker::infer_arithmetic(const Expr& expr, const Binary& node, const Type& lhs,
                               const Type& rhs) {
  const auto number = [](const Type& type) {
    return type.unknown() || type.is(TypeKind::Int) || type.is(TypeKind::Tuple);
  };
  if (!number(lhs) || !number(rhs)) {
    report(diagnostics_, DiagnosticKind::TypeMismatch, node.op_range,
           fmt::format("`{}` takes integers and tuples, found {} and {}", to_string(node.op),
                       describe(lhs), describe(rhs)));
    return {};
  }
  const bool divides = node.op == BinaryOp::Divide || node.op == BinaryOp::Remainder;
  if (divides && rhs.is(TypeKind::Int) && rhs.value == 0) {
    report(diagnostics_, DiagnosticKind::DivisionByZero, node.rhs->range, "division by zero");
    return lhs.is(TypeKind::Tuple) ? tuple_type(lhs.length) : int_type();
  }
  if (lhs.is(TypeKind::Tuple) && rhs.is(TypeKind::Tuple)) {
    if (lhs.length && rhs.length && lhs.length != rhs.length) {
      report(diagnostics_, DiagnosticKind::LengthMismatch, expr.range,
             fmt::format("`{}` takes two tuples of one length, found {} and {} elements",
                         to_string(node.op), *lhs.length, *rhs.length));
      return tuple_type();
    }
    return tuple_type(lhs.length ? lhs.length : rhs.length);
  }
  if (lhs.is(TypeKind::Tuple)) return tuple_type(rhs.unknown() ? std::nullopt : lhs.length);
  if (rhs.is(TypeKind::Tuple)) return tuple_type(lhs.unknown() ? std::nullopt : rhs.length);
  if (lhs.value && rhs.value) {
    const std::optional<int64_t> value = fold(node.op, *lhs.value, *rhs.value);
    if (!value) {
      report(diagnostics_, DiagnosticKind::IntegerOverflow, expr.range,
             fmt::format("the result of `{}` needs more than 64 bits", to_string(node.op)));
    }
    return int_type(value);
  }
  return lhs.unknown() || rhs.unknown() ? Type{} : int_type();
}

// The variable hides all outer names while the element is computed.
Type Checker::infer(const Expr&, const Comprehension& node) {
  const Type range = infer(*node.range);
  expect(*node.range, range, TypeKind::Tuple);
  const std::string& name = node.variable.text;
  std::optional<Local> hidden;
  if (const auto found = scope_.locals.find(name); found != scope_.locals.end())
    hidden = found->second;
  scope_.locals.insert_or_assign(name, Local{node.variable.range, int_type()});
  const Type element = infer(*node.element);
  expect(*node.element, element, TypeKind::Int);
  if (hidden) {
    scope_.locals.insert_or_assign(name, *hidden);
  } else {
    scope_.locals.erase(name);
  }
  return tuple_type(range.is(TypeKind::Tuple) ? range.length : std::nullopt);
}

bool Checker::expect(const Expr& expr, const Type& type, TypeKind kind) {
  if (type.may_be(kind)) return true;
  Diagnostic& d = report(diagnostics_, DiagnosticKind::TypeMismatch, expr.range,
                         fmt::format("expected {}, found {}", describe(kind), describe(type)));
  if (kind == TypeKind::Int && type.is(TypeKind::Tuple) && type.placed != Placed::Yes)
    d.help = "`*` in front unpacks a tuple: `m[*t]`; `t[0]` is its first element";
  if (kind == TypeKind::Bool && type.is(TypeKind::Int)) d.help = "compare it: `x != 0`";
  return false;
}

}  // namespace placewright::lang
