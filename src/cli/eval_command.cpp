// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright eval`.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/print_error.h"
#include "cli/usage.h"
#include "lang/check/checker.h"
#include "lang/evaluate/evaluate.h"
#include "lang/syntax/parser.h"
#include "machine/load.h"
#include "support/json.h"
#include "support/overload.h"
#include "support/terminal.h"

namespace placewright::cli {
namespace {

using nlohmann::ordered_json;

constexpr const char* kName = "value";

struct Options {
  std::string expression;
  std::string machine;
  bool json = false;
};

struct Answer {
  std::string text;
  ordered_json json;
};

Answer point_answer(const machine::ProcessorPosition& point) {
  return {fmt::format("({}, {})", point.node, point.ordinal),
          {{"node", point.node}, {"processor", point.ordinal}}};
}

Answer answer(const lang::TupleValue& tuple) {
  const auto elements = tuple.elements.span();
  Answer result{fmt::format("({}{})", fmt::join(elements, ", "), elements.size() == 1 ? "," : ""),
                {{"type", "tuple"}, {"value", elements}}};
  if (tuple.processor) {
    const std::string kind(to_string(*tuple.processor));
    result.text = fmt::format("node {} {} {}", elements[0], kind, elements[1]);
    result.json = {
        {"type", "processor"}, {"kind", kind}, {"node", elements[0]}, {"processor", elements[1]}};
  }
  return result;
}

Answer answer(const machine::ProcessorSpace& space) {
  const auto sizes = space.sizes().span();
  const std::string kind(to_string(space.kind()));
  return {fmt::format("{} space of {}", kind, fmt::join(sizes, " x ")),
          {{"type", "space"}, {"kind", kind}, {"size", sizes}}};
}

Answer answer(const lang::PointSet& set) {
  Answer result{fmt::format("{}:", to_string(set.kind)),
                {{"type", "processors"}, {"kind", to_string(set.kind)}}};
  for (const machine::ProcessorPosition& point : set.points) {
    Answer one = point_answer(point);
    result.text += " " + one.text;
    result.json["processors"].push_back(std::move(one.json));
  }
  return result;
}

Answer answer(const lang::Value& value) {
  return std::visit(
      Overload{[](int64_t number) {
                 return Answer{std::to_string(number), {{"type", "int"}, {"value", number}}};
               },
               [](bool truth) {
                 return Answer{truth ? "True" : "False", {{"type", "bool"}, {"value", truth}}};
               },
               [](const lang::TupleValue& tuple) { return answer(tuple); },
               [](const machine::ProcessorSpace& space) { return answer(space); },
               [](const lang::PointSet& set) { return answer(set); },
               [&value](const auto&) {
                 return Answer{lang::to_string(value), {{"type", lang::to_string(value)}}};
               }},
      value);
}

/// The machine that was named; one CPU if the expression needs none.
Result<machine::MachineShape> machine_for(const Options& options) {
  if (!options.machine.empty()) return machine::load_machine(options.machine);
  if (options.expression.find("Machine") != std::string::npos)
    refuse_usage({"the expression needs a machine",
                  "name one: `--machine nodes=2,GPU=4`, or a machine file"});
  return machine::load_machine("nodes=1,CPU=1");
}

// The expression becomes the one global of a program.
lang::Program program_of(lang::ExprPtr expression) {
  const SourceRange range = expression->range;
  lang::Program program;
  program.statements.push_back({range, lang::Assignment{{kName, range}, std::move(expression)}});
  return program;
}

bool evaluate(const Options& options) {
  const auto machine = machine_for(options);
  if (!machine) return print_error(machine.error());
  const SourceFile file("<expression>", options.expression);
  Diagnostics diagnostics(file);
  lang::ExprPtr expression = lang::parse_expression(file, diagnostics);
  if (expression != nullptr) {
    const lang::Program program = program_of(std::move(expression));
    lang::check(program, diagnostics);
    if (!diagnostics.has_errors()) {
      const lang::Evaluator evaluator(program, *machine, diagnostics, [](const std::string&) {});
      if (const lang::Value* value = evaluator.global(kName)) {
        const Answer found = answer(*value);
        print_data((options.json ? found.json.dump() : found.text) + "\n");
      }
    }
  }
  print_text(stderr, "{}", diagnostics.to_text());
  return !diagnostics.has_errors();
}

}  // namespace

void add_eval_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("eval", "Evaluate an expression on a machine");
  command->add_option("expression", options->expression, "An expression of the language")
      ->required()
      ->type_name("EXPR");
  command
      ->add_option("--machine", options->machine,
                   "Shape like nodes=2,GPU=4,CPU=1,OMP=1, or a machine file")
      ->type_name("SHAPE|FILE");
  command->add_flag("--json", options->json, "Print one JSON object");
  set_forms(*command, {"[OPTIONS] EXPRESSION"});
  command->footer(
      "Example: placewright eval 'Machine(GPU).auto_split(0, (8, 4)).size' "
      "--machine nodes=6,GPU=4");
  command->callback([options, &exit_status] { exit_status = evaluate(*options) ? 0 : 1; });
}

}  // namespace placewright::cli
