// SPDX-License-Identifier: Apache-2.0
#include "support/files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <random>

#include "support/descriptor.h"
#include "support/links.h"
#include "support/try.h"

namespace placewright {
namespace {

namespace fs = std::filesystem;

constexpr int kMostAttempts = 100;

tl::unexpected<Error> cannot_read(const std::string& path, int error_number) {
  if (error_number == ENOENT) return fail(fmt::format("no such file: `{}`", path));
  return fail(fmt::format("cannot read `{}`: {}", path, std::strerror(error_number)));
}

tl::unexpected<Error> is_folder(const std::string& path) {
  return fail(fmt::format("`{}` is a folder, not a file", path));
}

/// A new file beside another one, with a name that nobody can foresee; removed unless published.
class FreshFile {
 public:
  /// errno is set if it is not open afterwards.
  FreshFile(const std::string& beside, mode_t mode) {
    const fs::path folder = fs::path(beside).parent_path();
    std::random_device random;
    for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
      path_ = (folder / fmt::format(".placewright-{:08x}{:08x}", random(), random())).string();
      file_ = Descriptor(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
      if (file_.is_open() || errno != EEXIST) return;
    }
  }
  FreshFile(const FreshFile&) = delete;
  FreshFile& operator=(const FreshFile&) = delete;
  ~FreshFile() {
    if (file_.is_open() || is_closed_) unlink(path_.c_str());
  }

  [[nodiscard]] bool is_open() const { return file_.is_open(); }
  [[nodiscard]] int fd() const { return file_.get(); }
  /// False, with errno.
  bool finish(std::string_view text) {
    if (!write_all(file_.get(), text)) return false;
    is_closed_ = true;
    return file_.close_checked();
  }
  /// Takes the place of `target`, or takes a name that is still free. False, with errno.
  bool publish(const std::string& target, bool replaces) {
    const bool moved =
        replaces ? rename(path_.c_str(), target.c_str()) == 0 : take_free_name(target);
    if (moved) is_closed_ = false;
    return moved;
  }

 private:
  bool take_free_name(const std::string& target) const {
    if (renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0)
      return true;
    if (errno != EINVAL && errno != ENOSYS) return false;
    // A file system that cannot do it in one step.
    return link(path_.c_str(), target.c_str()) == 0 && unlink(path_.c_str()) == 0;
  }

  std::string path_;
  Descriptor file_;
  bool is_closed_ = false;  ///< Complete, and still under its own name.
};

/// Whether a copy would be the same file for everybody: it has one name and no list of permissions.
bool is_replaceable(int fd, const struct stat& facts) {
  return facts.st_nlink == 1 && fgetxattr(fd, "system.posix_acl_access", nullptr, 0) < 0;
}

/// Errors that say that the folder or the owner forbids a new file in place of the old one.
bool forbids_replacing(int error_number) {
  return error_number == EACCES || error_number == EPERM || error_number == EROFS ||
         error_number == EBUSY;
}

/// False if the file has to be overwritten in place.
Result<bool> replace(const std::string& path, const std::string& target, const struct stat& facts,
                     std::string_view text) {
  FreshFile fresh(target, S_IRUSR | S_IWUSR);
  if (!fresh.is_open()) {
    if (forbids_replacing(errno)) return false;
    return cannot_write(path, errno);
  }
  // The owner first: changing it takes away the bits for running as another user.
  if (fchown(fresh.fd(), facts.st_uid, facts.st_gid) != 0 ||
      fchmod(fresh.fd(), facts.st_mode & 07777) != 0)
    return false;
  if (!fresh.finish(text)) return cannot_write(path, errno);
  if (fresh.publish(target, /*replaces=*/true)) return true;
  if (forbids_replacing(errno)) return false;
  return cannot_write(path, errno);
}

/// Fails before anything is overwritten where the disk has no room for the text.
Result<void> overwrite(const std::string& path, Descriptor& file, const struct stat& facts,
                       std::string_view text) {
  const auto size = static_cast<off_t>(text.size());
  if (size > facts.st_size) {
    const int error = posix_fallocate(file.get(), 0, size);
    if (error == ENOSPC || error == EFBIG || error == EDQUOT) {
      [[maybe_unused]] const int ignored = ftruncate(file.get(), facts.st_size);
      return cannot_write(path, error);
    }
  }
  if (!write_all(file.get(), text) || ftruncate(file.get(), size) != 0 || !file.close_checked())
    return cannot_write(path, errno);
  return {};
}

/// Opens a file that is there, for writing, without waiting for a reader of a pipe.
Result<Descriptor> open_present(const std::string& path, const LinkTarget& target) {
  const int flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  Descriptor file(open(target.path.c_str(), target.is_open_file ? flags : flags | O_NOFOLLOW));
  if (file.is_open()) {
    fcntl(file.get(), F_SETFL, O_WRONLY);
    return file;
  }
  const int error = errno;
  struct stat facts {};
  if (error == ENXIO && stat(target.path.c_str(), &facts) == 0 && S_ISFIFO(facts.st_mode))
    return fail(fmt::format("cannot write `{}`: nothing reads from this pipe", path),
                "start its reader first");
  return cannot_write(path, error);
}

Result<void> write_present(const std::string& path, const LinkTarget& target,
                           std::string_view text) {
  PLACEWRIGHT_TRY(Descriptor file, open_present(path, target));
  struct stat facts {};
  if (fstat(file.get(), &facts) != 0) return cannot_write(path, errno);
  if (!S_ISREG(facts.st_mode)) {
    if (!write_all(file.get(), text) || !file.close_checked()) return cannot_write(path, errno);
    return {};
  }
  if (!target.is_open_file && is_replaceable(file.get(), facts)) {
    PLACEWRIGHT_TRY(const bool replaced, replace(path, target.path, facts, text));
    if (replaced) return {};
  }
  return overwrite(path, file, facts, text);
}

/// False if the name was taken in the meantime.
Result<bool> write_new(const std::string& path, const std::string& target, std::string_view text) {
  FreshFile fresh(target, 0666);
  if (!fresh.is_open() || !fresh.finish(text)) return cannot_write(path, errno);
  if (fresh.publish(target, /*replaces=*/false)) return true;
  if (errno == EEXIST) return false;
  return cannot_write(path, errno);
}

/// What is there; nullopt if nothing is.
Result<std::optional<struct stat>> facts_of(const std::string& path, const LinkTarget& target) {
  struct stat facts {};
  const int found =
      target.is_open_file ? stat(target.path.c_str(), &facts) : lstat(target.path.c_str(), &facts);
  if (found != 0 && errno == ENOENT) return std::nullopt;
  if (found != 0) return cannot_write(path, errno);
  if (S_ISDIR(facts.st_mode)) return cannot_write(path, EISDIR);
  return facts;
}

/// Reads to the end of the file, but at most as many bytes.
Result<std::string> read_up_to(const std::string& path, uint64_t most_bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC));
  if (!file.is_open()) return cannot_read(path, errno);
  std::string text;
  std::array<char, 65536> buffer;
  while (text.size() < most_bytes) {
    const size_t wanted = std::min<uint64_t>(buffer.size(), most_bytes - text.size());
    const ssize_t size = read(file.get(), buffer.data(), wanted);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EISDIR) return is_folder(path);
    if (size < 0) return cannot_read(path, errno);
    if (size == 0) break;
    text.append(buffer.data(), static_cast<size_t>(size));
  }
  return text;
}

std::string size_words(uint64_t bytes) {
  return bytes % (1U << 20) == 0 ? fmt::format("{} MiB", bytes >> 20)
                                 : fmt::format("{} bytes", bytes);
}

}  // namespace

tl::unexpected<Error> cannot_write(const std::string& path, int error_number) {
  return fail(fmt::format("cannot write `{}`: {}", path, std::strerror(error_number)));
}

Result<std::string> read_file(const std::string& path, uint64_t most_bytes) {
  PLACEWRIGHT_TRY(std::string text, read_up_to(path, most_bytes + 1));
  if (text.size() <= most_bytes) return text;
  return fail(fmt::format("`{}` is larger than {}", path, size_words(most_bytes)));
}

Result<std::string> read_from(const std::string& path, uint64_t offset, uint64_t most_bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return cannot_read(path, errno);
  std::string text;
  std::array<char, 1 << 14> buffer{};
  for (;;) {
    const ssize_t got =
        pread(file.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset + text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot_read(path, errno);
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<size_t>(got));
    if (text.size() > most_bytes)
      return fail(fmt::format("`{}` has more than {} bytes", path, most_bytes));
  }
}

Result<std::string> read_beginning(const std::string& path, uint64_t most_bytes) {
  return read_up_to(path, most_bytes);
}

Result<void> write_file(const std::string& path, std::string_view text) {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    PLACEWRIGHT_TRY(const LinkTarget target, follow_links(path));
    PLACEWRIGHT_TRY(const auto present, facts_of(path, target));
    if (present) return write_present(path, target, text);
    PLACEWRIGHT_TRY(const bool written, write_new(path, target.path, text));
    if (written) return {};
  }
  return cannot_write(path, EEXIST);
}

Result<void> check_writable(const std::string& path) {
  PLACEWRIGHT_TRY(const LinkTarget target, follow_links(path));
  PLACEWRIGHT_TRY(const auto present, facts_of(path, target));
  if (present) {
    if (faccessat(AT_FDCWD, target.path.c_str(), W_OK, AT_EACCESS) != 0)
      return cannot_write(path, errno);
    return {};
  }
  const FreshFile probe(target.path, S_IRUSR | S_IWUSR);
  if (!probe.is_open()) return cannot_write(path, errno);
  return {};
}

}  // namespace placewright
