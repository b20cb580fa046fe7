#include "options.h"

#include <cstdlib>
#include <map>

namespace circuit {
namespace {

Problem sized(int64_t pieces, int64_t per_superpiece, int64_t nodes, int64_t wires, int64_t steps,
              int64_t loops, int64_t warmup) {
  Problem problem;
  problem.pieces = pieces;
  problem.pieces_per_superpiece = per_superpiece;
  problem.nodes_per_piece = nodes;
  problem.wires_per_piece = wires;
  problem.steps = steps;
  problem.loops = loops;
  problem.warmup = warmup;
  return problem;
}

/// The number that an option takes, by name.
int64_t* number_of(Problem& problem, const std::string& option) {
  const std::map<std::string, int64_t*> numbers = {{"-p", &problem.pieces},
                                                   {"-pps", &problem.pieces_per_superpiece},
                                                   {"-npp", &problem.nodes_per_piece},
                                                   {"-wpp", &problem.wires_per_piece},
                                                   {"-l", &problem.loops},
                                                   {"-steps", &problem.steps},
                                                   {"-warmup", &problem.warmup}};
  const auto found = numbers.find(option);
  return found == numbers.end() ? nullptr : found->second;
}

bool parse_number(const std::string& text, int64_t& value) {
  char* end = nullptr;
  value = std::strtoll(text.c_str(), &end, 10);
  return !text.empty() && *end == '\0';
}

std::string select_input(const std::string& name, Problem& problem) {
  std::string known;
  for (const NamedInput& input : named_inputs()) {
    if (name == input.name) {
      problem = input.problem;
      return {};
    }
    known += (known.empty() ? "`" : ", `") + std::string(input.name) + "`";
  }
  return "unknown input `" + name + "`; expected one of " + known;
}

/// Takes the value of a number option; returns an error or nothing.
std::string set_number(const std::string& option, const std::string& text, Problem& problem) {
  int64_t value = 0;
  if (!parse_number(text, value)) {
    return "`" + option + "` takes a whole number, found `" + text + "`";
  }
  if (int64_t* number = number_of(problem, option)) *number = value;
  if (option == "-pct") problem.percent_local = static_cast<int>(value);
  if (option == "-s") problem.seed = static_cast<uint64_t>(value);
  return {};
}

std::string set_mapper(const std::string& name, MapperChoice& mapper) {
  if (name == "default") {
    mapper = MapperChoice::Default;
  } else if (name == "handwritten") {
    mapper = MapperChoice::Handwritten;
  } else {
    return "unknown mapper `" + name + "`; expected `default` or `handwritten`";
  }
  return {};
}

std::string apply(const std::vector<std::string>& arguments, Options& options) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    const bool is_number =
        number_of(options.problem, option) != nullptr || option == "-pct" || option == "-s";
    if (option == "-verify") options.verify = true;
    if (!is_number && option != "-mapper" && option != "-input") continue;
    if (i + 1 == arguments.size()) return "`" + option + "` needs a value";
    const std::string& value = arguments[++i];
    std::string error;
    if (is_number) error = set_number(option, value, options.problem);
    if (option == "-mapper") error = set_mapper(value, options.mapper);
    if (!error.empty()) return error;
  }
  return {};
}

}  // namespace

const std::vector<NamedInput>& named_inputs() {
  static const std::vector<NamedInput> inputs = {
      {"test", sized(4, 1, 20, 80, 10, 5, 2)},
      {"small", sized(4, 1, 50, 200, 100, 10, 8)},
      {"medium", sized(40, 10, 5000, 20000, 100, 3, 4)},
      {"large", sized(40, 10, 5000, 20000, 10000, 10, 3)},
  };
  return inputs;
}

OptionsResult parse_options(const std::vector<std::string>& arguments) {
  OptionsResult result;
  for (size_t i = 0; i + 1 < arguments.size(); ++i) {
    if (arguments[i] == "-input") {
      result.error = select_input(arguments[i + 1], result.options.problem);
    }
  }
  if (result.error.empty()) result.error = apply(arguments, result.options);
  if (result.error.empty()) result.error = find_mistake(result.options.problem);
  return result;
}

}  // namespace circuit
