// SPDX-License-Identifier: Apache-2.0
// The inputs of the golden tests, as food for other tests.
#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

#include "support/check.h"
#include "support/source.h"

namespace placewright::lang {

/// All golden inputs in the order of their names, so that a fixed seed means the same everywhere.
inline std::vector<SourceFile> read_golden_files() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(PLACEWRIGHT_GOLDEN_FOLDER))
    if (entry.path().extension() == ".mapping") paths.push_back(entry.path().string());
  std::ranges::sort(paths);
  std::vector<SourceFile> files;
  for (const std::string& path : paths) {
    auto file = SourceFile::read(path);
    PLACEWRIGHT_CHECK(file.has_value());
    files.push_back(std::move(*file));
  }
  return files;
}

}  // namespace placewright::lang
