// SPDX-License-Identifier: Apache-2.0
// Follows the symbolic links at the end of a path, but not those that somebody else has put there:
// in a shared folder such a link can lead a program to any file that its user may write.
#pragma once

#include <string>

#include "support/result.h"

namespace placewright {

struct LinkTarget {
  std::string path;
  /// The path still is a link, one of /proc to an open file (`/dev/stdout`): it has no file name to
  /// be followed to, only the kernel can open it.
  bool is_open_file = false;
};

/// The file that a path names; it need not exist. Errors: a link that neither this user nor root
/// owns, a circle of links.
[[nodiscard]] Result<LinkTarget> follow_links(const std::string& path);

}  // namespace placewright
