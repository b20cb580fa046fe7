#include "common/options.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <functional>
#include <string_view>

namespace apps {
namespace {

constexpr int64_t kMostNodes = 1024;

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

std::string set_number(const NumberOption& option, const std::string& text) {
  char* end = nullptr;
  errno = 0;
  const int64_t value = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0') {
    return "`" + std::string(option.name) + "` takes a whole number, found `" + text + "`";
  }
  if (errno == ERANGE) return "`" + std::string(option.name) + "`: `" + text + "` is too large";
  *option.value = value;
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

/// Gives `take` every value of an option, in their order, until it returns an error.
std::string take_each(const std::vector<std::string>& arguments, const std::string& option,
                      const std::function<std::string(const std::string& value)>& take) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] != option) continue;
    if (i + 1 == arguments.size()) return "`" + option + "` needs a value";
    if (std::string error = take(arguments[++i]); !error.empty()) return error;
  }
  return {};
}

/// Whether Legion or Realm may know it: theirs have a prefix, but for these.
bool is_of_runtime(std::string_view option) {
  return option.find(':') != std::string_view::npos || option == "-level" || option == "-logfile";
}

std::string unknown(const std::string& option, const std::vector<NumberOption>& numbers) {
  std::vector<std::string> known = {"-input", "-mapper", "-nodes", "-verify"};
  for (const NumberOption& number : numbers) known.emplace_back(number.name);
  return "unknown option `" + option + "`; expected one of " + join(known) +
         ", or an option of the runtime";
}

}  // namespace

std::string find_input(const std::vector<std::string>& arguments,
                       const std::vector<std::string>& known, std::string& input) {
  return take_each(arguments, "-input", [&](const std::string& value) -> std::string {
    input = value;
    if (std::find(known.begin(), known.end(), input) != known.end()) return {};
    return "unknown input `" + input + "`; expected one of " + join(known);
  });
}

std::string find_nodes(const std::vector<std::string>& arguments, int64_t& nodes) {
  return take_each(arguments, "-nodes", [&](const std::string& value) -> std::string {
    if (std::string error = set_number({"-nodes", &nodes}, value); !error.empty()) return error;
    if (nodes >= 1 && nodes <= kMostNodes) return {};
    return "`-nodes` must be in 1.." + std::to_string(kMostNodes);
  });
}

std::string take_options(const std::vector<std::string>& arguments,
                         const std::vector<NumberOption>& numbers, CommonOptions& options) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    if (option == "-verify") {
      options.verify = true;
      continue;
    }
    if (is_of_runtime(option) || option.size() < 2 || option[0] != '-') continue;
    const auto number = std::find_if(numbers.begin(), numbers.end(),
                                     [&](const NumberOption& n) { return option == n.name; });
    const bool is_common = option == "-mapper" || option == "-input" || option == "-nodes";
    if (number == numbers.end() && !is_common) return unknown(option, numbers);
    if (i + 1 == arguments.size()) return "`" + option + "` needs a value";
    const std::string& value = arguments[++i];
    std::string error;
    if (number != numbers.end()) error = set_number(*number, value);
    if (option == "-mapper") error = set_mapper(value, options.mapper);
    if (!error.empty()) return error;
  }
  return {};
}

}  // namespace apps
