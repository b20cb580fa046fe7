// SPDX-License-Identifier: Apache-2.0
// A temporary folder for the files of one operation.
#pragma once

#include <string>
#include <utility>

#include "support/result.h"

namespace placewright {

/// The folder for temporary files: TMPDIR, or /tmp if TMPDIR is not set or contains blanks.
[[nodiscard]] std::string temporary_base();

/// Deleted with its contents when the object is destroyed, unless kept.
class TemporaryFolder {
 public:
  /// Creates a folder in temporary_base(). Errors: it cannot be created.
  [[nodiscard]] static Result<TemporaryFolder> make();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Keeps the folder and returns its path.
  [[nodiscard]] std::string keep() { return std::exchange(path_, ""); }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace placewright
