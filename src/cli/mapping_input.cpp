// SPDX-License-Identifier: Apache-2.0
#include "cli/mapping_input.h"

#include <fmt/core.h>

#include <filesystem>

#include "cli/print_error.h"
#include "support/files.h"

namespace placewright::cli {

std::optional<SourceFile> read_mapping(const std::string& path) {
  auto file = SourceFile::read(path);
  if (file) return std::move(*file);
  print_error(file.error());
  return std::nullopt;
}

bool write_mapping(const std::string& path, std::string_view text) {
  const auto written = write_file(path, text);
  return written || print_error(written.error());
}

}  // namespace placewright::cli
