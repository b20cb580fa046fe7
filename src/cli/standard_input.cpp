// SPDX-License-Identifier: Apache-2.0
#include "cli/standard_input.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>

#include "support/source.h"
#include "support/standard_input.h"
#include "support/temporary_folder.h"
#include "support/try.h"

namespace placewright::cli {

Result<std::string> readable_path(const std::string& path, const std::string& name) {
  if (path != kStandardInput) return path;
  static std::optional<TemporaryFolder> folder;
  PLACEWRIGHT_TRY(const std::string text, read_standard_input());
  if (!folder) {
    PLACEWRIGHT_TRY(auto made, TemporaryFolder::make());
    folder.emplace(std::move(made));
  }
  const std::string file = folder->path() + "/" + name;
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) return fail(fmt::format("cannot write `{}`: {}", file, std::strerror(errno)));
  return file;
}

Result<void> make_readable(std::string& path, const std::string& name) {
  PLACEWRIGHT_TRY(path, readable_path(path, name));
  return {};
}

}  // namespace placewright::cli
