// SPDX-License-Identifier: Apache-2.0
#include "cli/study_files.h"

#include <filesystem>

#include "cli/print_error.h"
#include "support/terminal.h"

namespace placewright::cli {

std::string program_folder() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path().string();
}

std::optional<tune::Settings> read_study(const std::string& path) {
  const auto file = SourceFile::read(path);
  if (!file) {
    print_error(file.error());
    return std::nullopt;
  }
  Diagnostics diagnostics(*file);
  auto settings = tune::read_study_file(*file, program_folder(), diagnostics);
  print_text(stderr, "{}", diagnostics.to_text());
  return settings;
}

}  // namespace placewright::cli
