// The command line of circuit. Arguments of the runtime (-ll:, -lg:, -dm:, ...) are left alone.
#pragma once

#include <string>
#include <vector>

#include "problem.h"

namespace circuit {

enum class MapperChoice { Default, Handwritten };

struct Options {
  Problem problem;
  MapperChoice mapper = MapperChoice::Default;
  bool verify = false;  ///< Compare with the sequential program.
};

/// `error` is empty, or one line that says which argument is wrong.
struct OptionsResult {
  Options options;
  std::string error;
};

/// Reads `-input` first, then the options that change it, in any order.
[[nodiscard]] OptionsResult parse_options(const std::vector<std::string>& arguments);

/// A fixed input by name (README.md says where the sizes come from), or nothing.
struct NamedInput {
  const char* name;
  Problem problem;
};
[[nodiscard]] const std::vector<NamedInput>& named_inputs();

}  // namespace circuit
