// SPDX-License-Identifier: Apache-2.0
#include "cli/mapping_input.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "cli/print_error.h"

namespace placewright::cli {

std::optional<SourceFile> read_mapping(const std::string& path) {
  if (path == "-") {
    std::string text(std::istreambuf_iterator<char>(std::cin), {});
    return SourceFile("<stdin>", std::move(text));
  }
  auto file = SourceFile::read(path);
  if (file) return std::move(*file);
  print_error(file.error());
  return std::nullopt;
}

bool write_mapping(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(fresh, path, error);
  if (out && !error) return true;
  std::filesystem::remove(fresh, error);
  return print_error({fmt::format("cannot write `{}`", path), ""});
}

}  // namespace placewright::cli
