// SPDX-License-Identifier: Apache-2.0
#include "support/links.h"

#include <fmt/core.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <filesystem>

namespace placewright {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel allows

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

bool is_in_proc(const fs::path& path) {
  struct statfs facts {};
  return statfs(folder_of(path).c_str(), &facts) == 0 && facts.f_type == PROC_SUPER_MAGIC;
}

}  // namespace

Result<LinkTarget> follow_links(const std::string& path) {
  fs::path current = path;
  for (int link = 0; link <= kMostLinks; ++link) {
    struct stat facts {};
    if (lstat(current.c_str(), &facts) != 0 || !S_ISLNK(facts.st_mode))
      return LinkTarget{current.string()};
    if (is_in_proc(current)) return LinkTarget{current.string(), /*is_open_file=*/true};
    if (facts.st_uid != geteuid() && facts.st_uid != 0)
      return fail(fmt::format("`{}` is a link that another user has made", current.string()),
                  "remove it, or name the file that it leads to");
    std::error_code error;
    const fs::path next = fs::read_symlink(current, error);
    if (error) return fail(fmt::format("cannot read `{}`: {}", path, error.message()));
    current = next.is_absolute() ? next : folder_of(current) / next;
  }
  return fail(fmt::format("`{}` leads to itself through links", path));
}

}  // namespace placewright
