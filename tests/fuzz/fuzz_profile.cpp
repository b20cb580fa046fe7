// SPDX-License-Identifier: Apache-2.0
// libFuzzer: Legion's logs, and profiles made of them, whatever their bytes are.
#include <sys/mman.h>
#include <unistd.h>

#include <array>

#include "input.h"
#include "profile/reduce.h"

namespace {

/// A file in memory.
class MemoryFile {
 public:
  MemoryFile(const uint8_t* data, size_t size) : file_(memfd_create("fuzz", MFD_CLOEXEC)) {
    placewright::require(file_ >= 0 && write(file_, data, size) == static_cast<ssize_t>(size));
  }
  ~MemoryFile() { close(file_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace placewright;
  const MemoryFile file(data, size);
  const std::array<std::string, 1> paths = {file.path()};
  if (const auto profile = profile::reduce(paths, nullptr)) {
    const std::string text = to_json(*profile);
    require(to_json(profile::profile_from_json(text).value()) == text);
  }
  const auto read = profile::profile_from_json(text_of(data, size));
  require(read || !read.error().message.empty());
  return 0;
}
