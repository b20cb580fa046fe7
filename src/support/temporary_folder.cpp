// SPDX-License-Identifier: Apache-2.0
#include "support/temporary_folder.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "support/process_table.h"

namespace placewright {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "placewright-";
constexpr size_t kRandomLetters = 6;

/// Locks a folder for as long as the result is open; not open if another process holds it.
Descriptor lock_folder(const std::string& path) {
  Descriptor folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (folder.is_open() && flock(folder.get(), LOCK_EX | LOCK_NB) != 0) folder.reset();
  return folder;
}

/// The process in a name like `placewright-1234-a1B2c3`; 0 if it is not such a name.
pid_t process_in(std::string_view name) {
  if (!name.starts_with(kPrefix)) return 0;
  name.remove_prefix(kPrefix.size());
  pid_t pid = 0;
  const char* const end = std::from_chars(name.data(), name.data() + name.size(), pid).ptr;
  const std::string_view rest(end, static_cast<size_t>(name.data() + name.size() - end));
  return pid > 0 && rest.size() == kRandomLetters + 1 && rest.front() == '-' ? pid : 0;
}

bool has_ended(pid_t pid) {
  const auto facts = process_facts(pid);
  return !facts || facts->has_ended();
}

bool is_own_folder(const std::string& path) {
  struct stat facts {};
  return lstat(path.c_str(), &facts) == 0 && S_ISDIR(facts.st_mode) && facts.st_uid == geteuid();
}

}  // namespace

std::string temporary_base() {
  const char* base = std::getenv("TMPDIR");
  // The Legion runtime splits its default arguments, which contain such file names, at blanks.
  const bool usable = base != nullptr && *base != '\0' && std::strpbrk(base, " \t\n") == nullptr;
  return usable ? base : "/tmp";
}

void delete_abandoned_folders(const std::string& base) {
  std::error_code ignored;
  for (fs::directory_iterator entry(base, ignored), end; entry != end; entry.increment(ignored)) {
    const std::string path = entry->path().string();
    const pid_t pid = process_in(entry->path().filename().string());
    if (pid == 0 || !is_own_folder(path) || !has_ended(pid)) continue;
    // A process in another container may use it, whose number means nothing here.
    const Descriptor lock = lock_folder(path);
    if (lock.is_open()) fs::remove_all(path, ignored);
  }
}

Result<TemporaryFolder> TemporaryFolder::make() {
  static std::once_flag once;
  std::call_once(once, [] { delete_abandoned_folders(temporary_base()); });
  std::string pattern = fmt::format("{}/{}{}-{}", temporary_base(), kPrefix, getpid(),
                                    std::string(kRandomLetters, 'X'));
  if (mkdtemp(pattern.data()) == nullptr) {
    return fail(fmt::format("cannot create a folder `{}`: {}", pattern, std::strerror(errno)),
                "free some space, or set TMPDIR to a writable folder");
  }
  return TemporaryFolder(pattern, lock_folder(pattern));
}

std::string TemporaryFolder::keep() {
  const std::string old = std::exchange(path_, "");
  std::string kept = fmt::format("{}/{}kept-{}", fs::path(old).parent_path().string(), kPrefix,
                                 old.substr(old.size() - kRandomLetters));
  return rename(old.c_str(), kept.c_str()) == 0 ? kept : old;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace placewright
