// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/strategy.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "experiments/codegen/built_in.h"
#include "support/check.h"

namespace placewright::experiments {
namespace {

/// The comment that a reference begins with, as one line.
std::string leading_comment(std::string_view mapping) {
  std::string text;
  while (mapping.starts_with("# ")) {
    const size_t end = mapping.find('\n');
    if (!text.empty()) text += ' ';
    text += mapping.substr(2, end - 2);
    mapping.remove_prefix(end + 1);
  }
  return text;
}

/// Reads files named like `07-collected.mapping`.
std::vector<Strategy> read_strategies() {
  std::vector<Strategy> result;
  for (const BuiltInFile& file : built_in_files()) {
    if (std::isdigit(static_cast<unsigned char>(file.name.front())) == 0) continue;
    const size_t end = file.name.find('.');
    const int number = (file.name[0] - '0') * 10 + (file.name[1] - '0');
    PLACEWRIGHT_CHECK(number == static_cast<int>(result.size()) + 1);
    result.push_back(
        {number, std::string(file.name.substr(3, end - 3)), leading_comment(file.text), file.text});
  }
  return result;
}

}  // namespace

std::span<const Strategy> strategies() {
  static const std::vector<Strategy> all = read_strategies();
  return all;
}

const Strategy* find_strategy(int number) {
  const auto all = strategies();
  const auto found = std::ranges::find(all, number, &Strategy::number);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace placewright::experiments
