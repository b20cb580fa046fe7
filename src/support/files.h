// SPDX-License-Identifier: Apache-2.0
// Reads and writes whole files. Everything that writes a user's file goes through here, so that no
// file is lost half-written, no device is replaced, and every error has its reason. Creates no
// folders. For files that grow line by line see line_file.h.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "support/result.h"

namespace placewright {

/// The bytes of a file, a pipe or a device. Errors: no such file, a folder, unreadable, more than
/// `most_bytes`.
[[nodiscard]] Result<std::string> read_file(
    const std::string& path, uint64_t most_bytes = std::numeric_limits<int64_t>::max());

/// At most the first `most_bytes` bytes. Errors: as read_file(), but for the size.
[[nodiscard]] Result<std::string> read_beginning(const std::string& path, uint64_t most_bytes);

/// The bytes of a regular file from `offset` on, which another process may be writing. Errors: as
/// read_file().
[[nodiscard]] Result<std::string> read_from(const std::string& path, uint64_t offset,
                                            uint64_t most_bytes);

/// Gives a file this content.
///
/// - A regular file changes all at once: readers and a failure find the old content or the new one.
///   It keeps owner, group and mode.
/// - A link stays and its target is written (links.h says which links are followed). A pipe or a
///   device stays and receives the text.
/// - A file that cannot be replaced as a whole (another owner's, with several names, in a folder
///   that cannot be written) is overwritten, after room for all of it was reserved.
///
/// Errors: a folder, no such folder, no permission, a full disk, a pipe that nobody reads.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view text);

/// Tells before long work whether write_file() can be expected to succeed. Changes nothing.
[[nodiscard]] Result<void> check_writable(const std::string& path);

/// As check_writable() and write_file() word it: "cannot write `x`: No space left on device".
[[nodiscard]] tl::unexpected<Error> cannot_write(const std::string& path, int error_number);

}  // namespace placewright
