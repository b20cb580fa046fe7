// SPDX-License-Identifier: Apache-2.0
#include "llm/secret.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <unordered_set>

#include "support/try.h"

namespace placewright::llm {
namespace {

constexpr size_t kLeastSecret = 8;
constexpr size_t kMaxFileBytes = 4096;
constexpr std::string_view kRedacted = "[redacted]";

class FileHandle {
 public:
  explicit FileHandle(const std::string& path)
      : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~FileHandle() {
    if (fd_ >= 0) close(fd_);
  }
  FileHandle(const FileHandle&) = delete;
  FileHandle& operator=(const FileHandle&) = delete;
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

Result<void> check_owner_and_mode(const std::string& path, const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return fail(fmt::format("`{}` is not a regular file", path));
  if (status.st_uid != geteuid()) {
    return fail(fmt::format("the key file `{}` belongs to user {}, not to user {}", path,
                            status.st_uid, geteuid()),
                "use a file of your own");
  }
  const unsigned mode = status.st_mode & 07777;
  if (mode != 0600 && mode != 0400) {
    return fail(fmt::format("the key file `{}` has mode {:04o}, expected 0600", path, mode),
                fmt::format("chmod 600 {}", path));
  }
  return {};
}

bool is_key_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '*' || c == '+' || c == '/' || c == '=';
}

/// Replaces key-like text after `mark`, including the mark if it is part of the key.
void redact_after(std::string& text, std::string_view mark, bool with_mark) {
  for (size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) {
    const size_t begin = at + mark.size();
    size_t end = begin;
    while (end < text.size() && is_key_character(text[end])) ++end;
    const bool inside_word = with_mark && at > 0 && is_key_character(text[at - 1]);
    if (inside_word || end - begin < kLeastSecret - 2) {
      at = begin;
      continue;
    }
    const size_t from = with_mark ? at : begin;
    text.replace(from, end - from, kRedacted);
    at = from + kRedacted.size();
  }
}

}  // namespace

Result<Secret> make_secret(std::string_view text, const std::string& source) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return fail(fmt::format("the key in {} is empty", source));
  const std::string_view key = text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
  const bool printable = std::ranges::all_of(
      key, [](char c) { return c > ' ' && static_cast<unsigned char>(c) < 127; });
  if (!printable) {
    return fail(
        fmt::format("the key in {} has blanks or characters that are invalid in a key", source),
        "it must be one word of letters, digits and signs");
  }
  return Secret(std::string(key));
}

Result<Secret> read_secret_file(const std::string& path) {
  const FileHandle file(path);
  struct stat status {};
  if (file.fd() < 0 || fstat(file.fd(), &status) != 0)
    return fail(fmt::format("cannot read the key file `{}`: {}", path, std::strerror(errno)));
  PLACEWRIGHT_TRY_VOID(check_owner_and_mode(path, status));
  std::array<char, kMaxFileBytes + 1> buffer{};
  size_t filled = 0;
  while (filled < buffer.size()) {
    const ssize_t count = read(file.fd(), buffer.data() + filled, buffer.size() - filled);
    if (count < 0)
      return fail(fmt::format("cannot read the key file `{}`: {}", path, std::strerror(errno)));
    if (count == 0) break;
    filled += static_cast<size_t>(count);
  }
  if (filled > kMaxFileBytes)
    return fail(fmt::format("the key file `{}` is larger than 4 KiB", path));
  return make_secret(std::string_view(buffer.data(), filled), fmt::format("the file `{}`", path));
}

Redactor::Redactor(const Secret& secret) {
  if (secret.reveal().size() >= kLeastSecret) value_ = secret.reveal();
}

std::string Redactor::only_own(std::string_view text) const {
  if (value_.empty() || text.size() < kLeastSecret) return std::string(text);
  std::unordered_set<std::string_view> parts;
  for (size_t i = 0; i + kLeastSecret <= value_.size(); ++i)
    parts.insert(std::string_view(value_).substr(i, kLeastSecret));
  std::string result;
  result.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    if (!parts.contains(text.substr(at, kLeastSecret))) {
      result += text[at++];
      continue;
    }
    size_t end = at + 1;
    while (parts.contains(text.substr(end, kLeastSecret))) ++end;
    at = end - 1 + kLeastSecret;
    result += kRedacted;
  }
  return result;
}

std::string Redactor::operator()(std::string_view text) const {
  std::string result = only_own(text);
  redact_after(result, "sk-", true);
  for (const std::string_view mark : {"Bearer ", "bearer "}) redact_after(result, mark, false);
  return result;
}

}  // namespace placewright::llm
