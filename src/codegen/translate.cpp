// SPDX-License-Identifier: Apache-2.0
#include "codegen/translate.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <climits>

#include "lang/diagnostic_kinds.h"
#include "lang/syntax/builtins.h"
#include "lang/syntax/words.h"
#include "support/overload.h"

namespace placewright::codegen {
namespace {

using lang::Expr;
using lang::ExprPtr;

std::string cpp_number(uint64_t value) {
  return std::to_string(value) + (value <= INT64_MAX ? "" : "u");
}

std::string parameter_type(lang::ParameterType type) {
  switch (type) {
    case lang::ParameterType::Int:
      return "Int ";
    case lang::ParameterType::Bool:
      return "bool ";
    case lang::ParameterType::IPoint:
    case lang::ParameterType::ISpace:
      return "const auto& ";  // a processor keeps its kind
    case lang::ParameterType::MSpace:
      return "const Space& ";
    case lang::ParameterType::Task:
      return "const TaskFacts& ";
  }
  return "";
}

std::string builtin_name(lang::Builtin builtin) {
  switch (builtin) {
    case lang::Builtin::Min:
      return "least";
    case lang::Builtin::Max:
      return "greatest";
    case lang::Builtin::Abs:
      return "absolute";
    default:
      return std::string(lang::info(builtin).name);
  }
}

bool is_logic(const Expr& expr, lang::BinaryOp op) {
  const auto* binary = std::get_if<lang::Binary>(&expr.node);
  return binary != nullptr && binary->op == op;
}

}  // namespace

std::string cpp_kind(machine::ProcessorKind kind) {
  constexpr std::array<std::string_view, machine::kProcessorKindCount> kNames = {
      "Cpu", "Gpu", "Io", "Py", "Proc", "Omp"};
  return fmt::format("ProcessorKind::{}", kNames[static_cast<size_t>(kind)]);
}

std::string cpp_kind(machine::MemoryKind kind) {
  constexpr std::array<std::string_view, machine::kMemoryKindCount> kNames = {
      "SysMem", "FbMem", "RdMem", "ZcMem", "SockMem", "RegSockMem", "Virtual"};
  return fmt::format("MemoryKind::{}", kNames[static_cast<size_t>(kind)]);
}

std::string cpp_text(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\' || c == '?') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\{:03o}", byte);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

Translator::Translator(const policy::Mapping& mapping, Diagnostics& diagnostics)
    : mapping_(mapping), diagnostics_(diagnostics) {
  for (const lang::Statement& statement : mapping.program.statements) {
    if (const auto* function = std::get_if<lang::FunctionDefinition>(&statement.node))
      functions_.insert(function->name.text);
    if (const auto* global = std::get_if<lang::Assignment>(&statement.node))
      globals_.insert(global->name.text);
  }
}

int Translator::line(SourceRange range) const {
  return static_cast<int>(mapping_.file.position(range.begin).line);
}

bool Translator::is_global(const std::string& name) const {
  return !locals_.contains(name) && globals_.contains(name);
}

std::string Translator::definitions() {
  std::string text;
  for (const Definition& definition : ordered_definitions(mapping_.program, diagnostics_)) {
    locals_.clear();
    text += definition.function != nullptr ? function(*definition.function)
                                           : global(*definition.global);
    text += "\n";
  }
  text += "/// Evaluates the global values and prints what the mapping prints, in its order.\n";
  text += "inline void start() {\n";
  std::set<std::string> known;
  locals_.clear();
  for (const lang::Statement& statement : mapping_.program.statements) {
    const auto* assignment = std::get_if<lang::Assignment>(&statement.node);
    if (assignment != nullptr && known.insert(assignment->name.text).second)
      text += fmt::format("  {}();\n", cpp_name(assignment->name.text));
    if (const auto* printed = std::get_if<lang::Print>(&statement.node))
      text += fmt::format("  at_line({});\n  {}\n", line(statement.range), print(*printed));
  }
  return text + "}\n";
}

std::string Translator::global(const lang::Assignment& assignment) {
  return fmt::format(
      "inline const auto& {0}() {{\n"
      "  static const auto value = [] {{\n"
      "    at_line({1});\n"
      "    return {2};\n"
      "  }}();\n"
      "  return value;\n"
      "}}\n",
      cpp_name(assignment.name.text), line(assignment.name.range), expression(*assignment.value));
}

std::string Translator::function(const lang::FunctionDefinition& function) {
  std::string parameters;
  for (const lang::Parameter& parameter : function.parameters) {
    if (!locals_.insert(parameter.name.text).second) continue;
    parameters += fmt::format("{}[[maybe_unused]] {}{}", parameters.empty() ? "" : ", ",
                              parameter_type(parameter.type.value), cpp_name(parameter.name.text));
  }
  std::string text = fmt::format("/// Line {}.\ninline auto {}({}) {{\n", line(function.name.range),
                                 cpp_name(function.name.text), parameters);
  for (const lang::FunctionStatement& statement : function.body) {
    text += fmt::format("  at_line({});\n", line(statement.range));
    if (const auto* printed = std::get_if<lang::Print>(&statement.node)) {
      text += fmt::format("  {}\n", print(*printed));
    } else if (const auto* give = std::get_if<lang::Return>(&statement.node)) {
      text += fmt::format("  return {};\n", expression(*give->value));
      break;  // what follows is never reached
    } else {
      const auto& assignment = std::get<lang::Assignment>(statement.node);
      const std::string value = expression(*assignment.value);
      // The first assignment to a name wins; a later one is only evaluated.
      text += locals_.insert(assignment.name.text).second
                  ? fmt::format("  [[maybe_unused]] const auto {} = {};\n",
                                cpp_name(assignment.name.text), value)
                  : fmt::format("  static_cast<void>({});\n", value);
    }
  }
  return text + "}\n";
}

std::string Translator::print(const lang::Print& print) {
  std::string text = fmt::format("print_line({}", cpp_text(print.format.value));
  for (const ExprPtr& argument : print.arguments) text += ", " + expression(*argument);
  return text + ");";
}

std::string Translator::condition(const lang::Statement& statement) {
  if (!statement.condition) return "nullptr";
  locals_ = {"task"};
  return fmt::format("[]([[maybe_unused]] const TaskFacts& task) -> bool {{ return {}; }}",
                     expression(*statement.condition));
}

std::string Translator::bare(const Expr& expr) {
  const auto* literal = std::get_if<lang::IntLiteral>(&expr.node);
  const bool is_int = literal != nullptr && literal->value <= INT_MAX;
  return is_int ? std::to_string(literal->value) : expression(expr);
}

std::string Translator::list(const std::vector<ExprPtr>& list, bool bare_literals) {
  std::string text;
  for (const ExprPtr& each : list) {
    if (!text.empty()) text += ", ";
    text += bare_literals ? bare(*each) : expression(*each);
  }
  return text;
}

std::string Translator::binary(const lang::Binary& binary) {
  const auto side = [&](const Expr& expr, bool is_right) {
    // C++ compilers warn about `a || b && c`.
    const bool mixed = binary.op == lang::BinaryOp::Or && is_logic(expr, lang::BinaryOp::And);
    if (mixed) return "(" + expression(expr) + ")";
    return is_right ? bare(expr) : expression(expr);
  };
  return fmt::format("{} {} {}", side(*binary.lhs, false), lang::to_string(binary.op),
                     side(*binary.rhs, true));
}

void Translator::refuse_unpacking(const std::vector<ExprPtr>& arguments) {
  for (const ExprPtr& argument : arguments) {
    if (!std::holds_alternative<lang::Unpack>(argument->node)) continue;
    lang::report(diagnostics_, lang::DiagnosticKind::CannotTranslate, argument->range,
                 "a tuple cannot be unpacked into arguments in C++")
        .help = "write its elements: `f(t[0], t[1])`";
  }
}

std::string Translator::method(const lang::MemberRef& callee, const lang::Call& call) {
  const std::string object = expression(*callee.object);
  refuse_unpacking(call.arguments);
  if (callee.member == lang::Member::Has)
    return fmt::format("has({}, {})", object, list(call.arguments, true));
  return fmt::format("{}.{}({})", object, lang::to_string(callee.member),
                     list(call.arguments, true));
}

std::string Translator::call(const lang::Call& call) {
  if (const auto* member = std::get_if<lang::MemberRef>(&call.callee->node))
    return method(*member, call);
  refuse_unpacking(call.arguments);
  const auto* name = std::get_if<lang::NameRef>(&call.callee->node);
  if (name != nullptr && name->name == "Machine")
    return fmt::format("machine({})", list(call.arguments, true));
  const auto builtin = name != nullptr && !functions_.contains(name->name)
                           ? lang::find_builtin(name->name)
                           : std::nullopt;
  if (builtin) return fmt::format("{}({})", builtin_name(*builtin), list(call.arguments, false));
  return fmt::format("{}({})", expression(*call.callee), list(call.arguments, false));
}

std::string Translator::expression(const Expr& expr) {
  return std::visit(
      Overload{
          [&](const lang::IntLiteral& e) { return fmt::format("Int({})", cpp_number(e.value)); },
          [&](const lang::BoolLiteral& e) { return std::string(e.value ? "true" : "false"); },
          [&](const lang::NameRef& e) {
            return cpp_name(e.name) + (is_global(e.name) ? "()" : "");
          },
          [&](const lang::ProcessorLiteral& e) { return cpp_kind(e.kind); },
          [&](const lang::MemoryLiteral& e) { return cpp_kind(e.kind); },
          [&](const lang::Star&) { return std::string("Star()"); },
          [&](const lang::TupleExpr& e) {
            return fmt::format("make_tuple({})", list(e.elements, true));
          },
          [&](const lang::Parenthesized& e) { return "(" + expression(*e.inner) + ")"; },
          [&](const lang::Unary& e) {
            return fmt::format("{}{}", lang::to_string(e.op), expression(*e.operand));
          },
          [&](const lang::Binary& e) { return binary(e); },
          [&](const lang::Unpack& e) { return fmt::format("spread({})", expression(*e.operand)); },
          [&](const lang::Conditional& e) {
            return fmt::format("({} ? {} : {})", expression(*e.condition), expression(*e.if_true),
                               expression(*e.if_false));
          },
          [&](const lang::Call& e) { return call(e); },
          [&](const lang::Index& e) {
            return fmt::format("{}({})", expression(*e.object), list(e.indices, true));
          },
          [&](const lang::SliceExpr& e) {
            return fmt::format("{}.part({}, {})", expression(*e.object),
                               e.begin ? bare(*e.begin) : "0", e.end ? bare(*e.end) : "0");
          },
          [&](const lang::MemberRef& e) {
            return fmt::format("{}.{}()", expression(*e.object), lang::to_string(e.member));
          },
          [&](const lang::Comprehension& e) {
            const std::string over = expression(*e.range);
            const bool is_new = locals_.insert(e.variable.text).second;
            std::string text =
                fmt::format("each({}, [&]([[maybe_unused]] Int {}) {{ return {}; }})", over,
                            cpp_name(e.variable.text), expression(*e.element));
            if (is_new) locals_.erase(e.variable.text);
            return text;
          }},
      expr.node);
}

}  // namespace placewright::codegen
