// SPDX-License-Identifier: Apache-2.0
// The command line shared by all applications. Options of the runtime (-ll:, -lg:, -dm:, ...), each
// with up to one value, are ignored; every other unknown word is an error. Sizes are integers; each
// application declares its own options.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace apps {

enum class MapperChoice { Default, Handwritten };

/// A named fixed input; the application's README gives the source of its sizes.
template <class Problem>
struct NamedInput {
  const char* name;
  Problem problem;
};

/// `error` is empty, or a one-line message that names the wrong argument.
template <class Problem>
struct OptionsResult {
  Problem problem;
  MapperChoice mapper = MapperChoice::Default;
  bool verify = false;  ///< Compare with an independent computation.
  std::string error;
};

/// An option that sets one number of a problem: `-p 4`.
struct NumberOption {
  const char* name;
  int64_t* value;
};

/// What every command line has in addition to an application's numbers.
struct CommonOptions {
  MapperChoice mapper = MapperChoice::Default;
  bool verify = false;
};

/// Upper limit on pieces: far more than a run uses, few enough to describe all at once.
inline constexpr int64_t kMostPieces = 65536;

/// The value of the last `-input`; `input` is unchanged without one. Returns an error or nothing.
[[nodiscard]] std::string find_input(const std::vector<std::string>& arguments,
                                     const std::vector<std::string>& known, std::string& input);

/// The value of the last `-nodes`, 1 without one. Returns an error or nothing.
[[nodiscard]] std::string find_nodes(const std::vector<std::string>& arguments, int64_t& nodes);

/// Takes -mapper, -verify and the numbers. Returns an error or nothing.
[[nodiscard]] std::string take_options(const std::vector<std::string>& arguments,
                                       const std::vector<NumberOption>& numbers,
                                       CommonOptions& options);

/// Reads `-input` and `-nodes` first, then the options that change them, in any order. Without
/// `-input` it is the first of `inputs`. `numbers` lists the options of a problem, `find_mistake`
/// says what is wrong with a problem as a whole (empty: nothing), `grow` makes the input of one
/// node that of several (empty: it is the same).
template <class Problem>
[[nodiscard]] OptionsResult<Problem> parse_options(
    const std::vector<std::string>& arguments, const std::vector<NamedInput<Problem>>& inputs,
    const std::function<std::vector<NumberOption>(Problem&)>& numbers,
    const std::function<std::string(const Problem&)>& find_mistake,
    const std::function<void(Problem&, int64_t nodes)>& grow = nullptr) {
  OptionsResult<Problem> result;
  std::vector<std::string> known;
  for (const NamedInput<Problem>& input : inputs) known.emplace_back(input.name);
  std::string name = known.front();
  result.error = find_input(arguments, known, name);
  if (!result.error.empty()) return result;
  for (const NamedInput<Problem>& input : inputs) {
    if (name == input.name) result.problem = input.problem;
  }
  int64_t nodes = 1;
  result.error = find_nodes(arguments, nodes);
  if (!result.error.empty()) return result;
  if (grow) grow(result.problem, nodes);
  CommonOptions common;
  result.error = take_options(arguments, numbers(result.problem), common);
  result.mapper = common.mapper;
  result.verify = common.verify;
  if (result.error.empty()) result.error = find_mistake(result.problem);
  return result;
}

}  // namespace apps
