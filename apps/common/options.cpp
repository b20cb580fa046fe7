// SPDX-License-Identifier: Apache-2.0
#include "common/options.h"

#include <algorithm>
#include <array>
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

/// Whether Legion or Realm may know it: theirs have one of these prefixes, but for those of Realm's
/// log.
bool is_of_runtime(std::string_view option) {
  constexpr std::array<std::string_view, 12> kPrefixes = {
      "-ll:",   "-lg:",  "-dm:",   "-tm:",  "-dp:",  "-realm:",
      "-cuda:", "-hip:", "-numa:", "-ucx:", "-gex:", "-hdf5:"};
  constexpr std::array<std::string_view, 5> kNames = {"-level", "-errlevel", "-cat", "-logfile",
                                                      "-logtime"};
  const auto begins_option = [&](std::string_view prefix) { return option.starts_with(prefix); };
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), begins_option) ||
         std::find(kNames.begin(), kNames.end(), option) != kNames.end();
}

/// Whether it may be the value of an option: a number may be negative.
bool is_value(std::string_view word) {
  return !word.starts_with('-') || (word.size() > 1 && word[1] >= '0' && word[1] <= '9');
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
    if (is_of_runtime(option)) {
      // Only the runtime knows which of its options take a value.
      if (i + 1 < arguments.size() && is_value(arguments[i + 1])) ++i;
      continue;
    }
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
