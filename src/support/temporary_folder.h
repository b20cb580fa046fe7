// SPDX-License-Identifier: Apache-2.0
// A temporary folder for the files of one operation.
#pragma once

#include <string>
#include <utility>

#include "support/descriptor.h"
#include "support/result.h"

namespace placewright {

/// The folder for temporary files: TMPDIR, or /tmp if TMPDIR is not set or contains blanks.
[[nodiscard]] std::string temporary_base();

/// Deleted with its contents when the object is destroyed, unless kept. Only this user may read it.
class TemporaryFolder {
 public:
  /// Creates a folder in temporary_base(). The first call of a process also deletes the folders
  /// there that killed processes of this user have left. Errors: it cannot be created.
  [[nodiscard]] static Result<TemporaryFolder> make();
  TemporaryFolder(TemporaryFolder&& other) noexcept
      : path_(std::exchange(other.path_, "")), lock_(std::move(other.lock_)) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Keeps the folder, under a name that no later process deletes, and returns its new path.
  [[nodiscard]] std::string keep();

 private:
  TemporaryFolder(std::string path, Descriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  Descriptor lock_;  ///< Tells processes that cannot see this one that the folder is in use.
};

/// Deletes the folders in `base` whose processes have ended.
void delete_abandoned_folders(const std::string& base);

}  // namespace placewright
