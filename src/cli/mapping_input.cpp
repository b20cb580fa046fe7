#include "cli/mapping_input.h"

#include <fmt/core.h>

#include <cstdio>
#include <iostream>
#include <iterator>

namespace placewright::cli {

std::optional<SourceFile> read_mapping(const std::string& path) {
  if (path == "-") {
    std::string text(std::istreambuf_iterator<char>(std::cin), {});
    return SourceFile("<stdin>", std::move(text));
  }
  auto file = SourceFile::read(path);
  if (file) return std::move(*file);
  fmt::print(stderr, "placewright: {}\n", file.error().message);
  if (!file.error().help.empty()) fmt::print(stderr, "help: {}\n", file.error().help);
  return std::nullopt;
}

}  // namespace placewright::cli
