// SPDX-License-Identifier: Apache-2.0
#include "codegen/names.h"

#include <fmt/core.h>

#include <functional>
#include <map>
#include <set>

#include "lang/diagnostic_kinds.h"
#include "support/overload.h"

namespace placewright::codegen {
namespace {

using lang::Expr;
using lang::ExprPtr;

/// C++ keywords that the language does not have, and the names that the support code uses.
const std::set<std::string_view>& taken() {
  static const std::set<std::string_view> words = {
      // clang-format off
      "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "break", "case", "catch", "char",
      "char8_t", "char16_t", "char32_t", "class", "compl", "concept", "const", "consteval", "constexpr", "constinit",
      "const_cast", "continue", "co_await", "co_return", "co_yield", "decltype", "default", "delete", "do", "double",
      "dynamic_cast", "else", "enum", "explicit", "export", "extern", "false", "float", "friend", "goto", "if",
      "inline", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr", "operator", "or",
      "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "requires", "short", "signed",
      "sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local",
      "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void",
      "volatile", "wchar_t", "while", "xor", "xor_eq", "assert", "errno", "stdin", "stdout", "stderr",
      "unix", "linux", "main", "std", "fmt", "tl", "placewright", "Legion", "Realm",
      "Int", "Tuple", "Place", "PlaceSet", "Spread", "Star", "Space", "TaskFacts", "FunctionResult", "kLeast",
      "kGreatest", "kCeilDiv", "MappingError", "current_line", "at_line", "refuse", "element", "length", "combine",
      "holds_for_all", "same_length", "spread", "append", "make_tuple", "each", "range", "fold", "choose", "least",
      "greatest", "sum", "prod", "absolute", "ceil_div", "machine_shape", "machine", "has", "target", "to_text",
      "print_line", "start", "MemoryKind", "ProcessorKind", "CompiledCondition", "CompiledFunction", "FactsUsed", "LaunchFacts", "task_facts",
      "Relation", "RuleHead", "RuleList", "answer", "at", "on", "tuple", "map_function", "condition", "mapping_rules",
      "mapping_conditions", "mapping_functions", "register_mapper", "install_mapper", "install_when_loaded",
      "TUPLE_OPERATOR", "TUPLE_RELATION", "PLACEWRIGHT_CHECK", "INSTALL_WHEN_LOADED"
      // clang-format on
  };
  return words;
}

/// Calls `visit` for every name in an expression that is not a comprehension's own variable.
void names_in(const Expr& expr, const std::function<void(const std::string&, SourceRange)>& visit) {
  const auto all = [&](const std::vector<ExprPtr>& list) {
    for (const ExprPtr& each : list) names_in(*each, visit);
  };
  std::visit(Overload{[&](const lang::NameRef& e) { visit(e.name, expr.range); },
                      [&](const lang::TupleExpr& e) { all(e.elements); },
                      [&](const lang::Parenthesized& e) { names_in(*e.inner, visit); },
                      [&](const lang::Unary& e) { names_in(*e.operand, visit); },
                      [&](const lang::Binary& e) {
                        names_in(*e.lhs, visit);
                        names_in(*e.rhs, visit);
                      },
                      [&](const lang::Unpack& e) { names_in(*e.operand, visit); },
                      [&](const lang::Conditional& e) {
                        names_in(*e.condition, visit);
                        names_in(*e.if_true, visit);
                        names_in(*e.if_false, visit);
                      },
                      [&](const lang::Call& e) {
                        names_in(*e.callee, visit);
                        all(e.arguments);
                      },
                      [&](const lang::Index& e) {
                        names_in(*e.object, visit);
                        all(e.indices);
                      },
                      [&](const lang::SliceExpr& e) {
                        names_in(*e.object, visit);
                        if (e.begin) names_in(*e.begin, visit);
                        if (e.end) names_in(*e.end, visit);
                      },
                      [&](const lang::MemberRef& e) { names_in(*e.object, visit); },
                      [&](const lang::Comprehension& e) {
                        names_in(*e.range, visit);
                        names_in(*e.element, [&](const std::string& name, SourceRange range) {
                          if (name != e.variable.text) visit(name, range);
                        });
                      },
                      [](const auto&) {}},
             expr.node);
}

/// Orders definitions so that each follows what it uses.
class Ordering {
 public:
  Ordering(const lang::Program& program, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    for (const lang::Statement& statement : program.statements) {
      if (const auto* function = std::get_if<lang::FunctionDefinition>(&statement.node))
        add(function->name.text, {function, nullptr});
      if (const auto* global = std::get_if<lang::Assignment>(&statement.node))
        add(global->name.text, {nullptr, global});
    }
  }

  std::vector<Definition> run() {
    for (const std::string& name : names_) place(name);
    return std::move(placed_);
  }

 private:
  enum class Progress { Untouched, Running, Done };

  // If two definitions share a name, the first one counts.
  void add(const std::string& name, Definition definition) {
    if (definitions_.try_emplace(name, definition).second) names_.push_back(name);
  }

  void place(const std::string& name) {
    Progress& progress = progress_[name];
    if (progress != Progress::Untouched) return;
    progress = Progress::Running;
    const Definition& definition = definitions_.at(name);
    if (definition.global != nullptr) {
      use(*definition.global->value, {});
    } else {
      use_all(*definition.function);
    }
    placed_.push_back(definition);
    progress_[name] = Progress::Done;
  }

  void use_all(const lang::FunctionDefinition& function) {
    std::set<std::string> locals;
    for (const lang::Parameter& parameter : function.parameters) locals.insert(parameter.name.text);
    for (const lang::FunctionStatement& statement : function.body) {
      std::visit(Overload{[&](const lang::Assignment& s) {
                            use(*s.value, locals);
                            locals.insert(s.name.text);
                          },
                          [&](const lang::Print& s) {
                            for (const ExprPtr& each : s.arguments) use(*each, locals);
                          },
                          [&](const lang::Return& s) { use(*s.value, locals); }},
                 statement.node);
    }
  }

  void use(const Expr& expr, const std::set<std::string>& locals) {
    names_in(expr, [&](const std::string& name, SourceRange range) {
      if (locals.contains(name) || !definitions_.contains(name)) return;
      if (progress_[name] == Progress::Running) {
        lang::report(
            diagnostics_, lang::DiagnosticKind::CannotTranslate, range,
            fmt::format("`{}` is used while it is being defined, which C++ cannot express", name))
            .help = "a mapping whose functions call themselves runs under the plug-in only";
        return;
      }
      place(name);
    });
  }

  Diagnostics& diagnostics_;
  std::vector<std::string> names_;
  std::map<std::string, Definition> definitions_;
  std::map<std::string, Progress> progress_;
  std::vector<Definition> placed_;
};

}  // namespace

std::string cpp_name(const std::string& name) {
  const bool reserved = name.starts_with('_') || name.find("__") != std::string::npos;
  if (!reserved && !name.ends_with('_') && !taken().contains(name)) return name;
  // Leading and double underscores belong to C++.
  std::string result = reserved ? "u" : "";
  for (const char c : name) result += c == '_' && reserved ? std::string("_u") : std::string(1, c);
  return result + "_";
}

std::vector<Definition> ordered_definitions(const lang::Program& program,
                                            Diagnostics& diagnostics) {
  return Ordering(program, diagnostics).run();
}

}  // namespace placewright::codegen
