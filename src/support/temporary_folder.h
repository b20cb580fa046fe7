// SPDX-License-Identifier: Apache-2.0
// A folder for the files of one piece of work.
#pragma once

#include <string>
#include <utility>

#include "support/result.h"

namespace placewright {

/// Where temporary files go: TMPDIR, or /tmp where TMPDIR is not set or has blanks.
[[nodiscard]] std::string temporary_base();

/// It goes with the object, and all that is in it, unless it is kept.
class TemporaryFolder {
 public:
  /// In temporary_base(). Errors: it cannot be made.
  [[nodiscard]] static Result<TemporaryFolder> make();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The folder stays; gives its path.
  [[nodiscard]] std::string keep() { return std::exchange(path_, ""); }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace placewright
