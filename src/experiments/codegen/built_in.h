// SPDX-License-Identifier: Apache-2.0
// The files that experiments need, embedded at build time: strategies, starting code and the
// machine file.
#pragma once

#include <span>
#include <string_view>

namespace placewright::experiments {

struct BuiltInFile {
  std::string_view name;  ///< File name without the folder.
  std::string_view text;
};

/// All of them, sorted by name.
[[nodiscard]] std::span<const BuiltInFile> built_in_files();
/// The text of one file, which must exist.
[[nodiscard]] std::string_view built_in(std::string_view name);

}  // namespace placewright::experiments
