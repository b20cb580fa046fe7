// SPDX-License-Identifier: Apache-2.0
#include "support/temporary_folder.h"

#include <fmt/core.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace placewright {

std::string temporary_base() {
  const char* base = std::getenv("TMPDIR");
  // The Legion runtime splits its default arguments, which contain such file names, at blanks.
  const bool usable = base != nullptr && *base != '\0' && std::strpbrk(base, " \t\n") == nullptr;
  return usable ? base : "/tmp";
}

Result<TemporaryFolder> TemporaryFolder::make() {
  std::string pattern = temporary_base() + "/placewright-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) {
    return fail(fmt::format("cannot create a folder `{}`: {}", pattern, std::strerror(errno)),
                "free some space, or set TMPDIR to a writable folder");
  }
  return TemporaryFolder(pattern);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace placewright
