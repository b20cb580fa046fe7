// A folder for the files of one piece of work.
#pragma once

#include <string>
#include <utility>

#include "support/result.h"

namespace placewright {

/// It goes with the object, and all that is in it, unless it is kept.
class TemporaryFolder {
 public:
  /// In TMPDIR, or in /tmp where TMPDIR is not set or has blanks. Errors: it cannot be made.
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
