// SPDX-License-Identifier: Apache-2.0
// A file that grows by whole lines, each written before the call returns: a killed process loses at
// most the line in flight.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/descriptor.h"
#include "support/result.h"

namespace placewright {

/// Not thread-safe.
class LineFile {
 public:
  /// An empty file; an older one loses its content. A pipe or a device receives the lines. Errors:
  /// it cannot be written.
  [[nodiscard]] static Result<LineFile> create(const std::string& path);

  /// Opens a file to be continued, or an empty new one. Until the object is destroyed no other
  /// process can. Errors: as create(); it is not a regular file; another process holds it, with the
  /// message `held`.
  [[nodiscard]] static Result<LineFile> resume(const std::string& path, const std::string& held);

  /// The whole content, of a file opened by resume().
  [[nodiscard]] Result<std::string> read() const;
  /// Cuts off what comes after the first `length` bytes: a line that a killed process left partial.
  [[nodiscard]] Result<void> cut(uint64_t length);
  /// Appends a line; `line` ends with its line break. After an error the file ends where it ended
  /// before.
  [[nodiscard]] Result<void> append(std::string_view line);

 private:
  LineFile(std::string path, Descriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  [[nodiscard]] static Result<LineFile> open(const std::string& path, int flags);

  std::string path_;
  Descriptor file_;
  uint64_t length_ = 0;
};

}  // namespace placewright
