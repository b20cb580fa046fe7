// SPDX-License-Identifier: Apache-2.0
#include "support/line_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cstring>

#include "support/files.h"
#include "support/links.h"
#include "support/try.h"

namespace placewright {

Result<LineFile> LineFile::open(const std::string& path, int flags) {
  PLACEWRIGHT_TRY(const LinkTarget target, follow_links(path));
  // O_NONBLOCK: a pipe without a reader is an error; this does not wait for one.
  const int all = flags | O_CREAT | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  Descriptor file(::open(target.path.c_str(), target.is_open_file ? all : all | O_NOFOLLOW, 0666));
  if (!file.is_open()) return cannot_write(path, errno);
  fcntl(file.get(), F_SETFL, flags | O_APPEND);
  return LineFile(path, std::move(file));
}

Result<LineFile> LineFile::create(const std::string& path) {
  return open(path, O_WRONLY | O_TRUNC);
}

Result<LineFile> LineFile::resume(const std::string& path, const std::string& held) {
  PLACEWRIGHT_TRY(LineFile lines, open(path, O_RDWR));
  struct stat facts {};
  if (fstat(lines.file_.get(), &facts) != 0) return cannot_write(path, errno);
  if (!S_ISREG(facts.st_mode))
    return fail(fmt::format("cannot write `{}`: it is not a regular file", path));
  if (flock(lines.file_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return fail(held);
  lines.length_ = static_cast<uint64_t>(facts.st_size);
  return lines;
}

Result<std::string> LineFile::read() const {
  std::string text(length_, '\0');
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t count =
        pread(file_.get(), text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(fmt::format("cannot read `{}`: {}", path_, std::strerror(errno)));
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  text.resize(done);
  return text;
}

Result<void> LineFile::cut(uint64_t length) {
  if (ftruncate(file_.get(), static_cast<off_t>(length)) != 0) return cannot_write(path_, errno);
  length_ = length;
  return {};
}

Result<void> LineFile::append(std::string_view line) {
  if (write_all(file_.get(), line)) {
    length_ += line.size();
    return {};
  }
  const int error = errno;
  [[maybe_unused]] const int ignored = ftruncate(file_.get(), static_cast<off_t>(length_));
  return cannot_write(path_, error);
}

}  // namespace placewright
