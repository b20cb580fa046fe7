// SPDX-License-Identifier: Apache-2.0
// The files that studies need, as they were when this program was built: strategies, starting
// code and the machine file.
#pragma once

#include <span>
#include <string_view>

namespace placewright::experiments {

struct BuiltInFile {
  std::string_view name;  ///< Of the file, without its folder.
  std::string_view text;
};

/// All of them, sorted by name.
[[nodiscard]] std::span<const BuiltInFile> built_in_files();
/// The text of one; it must be there.
[[nodiscard]] std::string_view built_in(std::string_view name);

}  // namespace placewright::experiments
