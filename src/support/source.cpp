// SPDX-License-Identifier: Apache-2.0
#include "support/source.h"

#include <fmt/core.h>

#include <algorithm>

#include "support/check.h"
#include "support/files.h"
#include "support/standard_input.h"
#include "support/try.h"

namespace placewright {
namespace {

constexpr uintmax_t kMaxFileBytes = 16u << 20;

}  // namespace

SourceFile::SourceFile(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (uint32_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n' && i + 1 < text_.size()) line_starts_.push_back(i + 1);
  }
}

Result<SourceFile> SourceFile::read(const std::string& path) {
  if (path == kStandardInput) {
    PLACEWRIGHT_TRY(std::string text, read_standard_input());
    if (text.find('\0') != std::string::npos) return fail("standard input is not text");
    return SourceFile("<stdin>", std::move(text));
  }
  PLACEWRIGHT_TRY(std::string content, read_file(path, kMaxFileBytes));
  if (content.find('\0') != std::string::npos)
    return fail(fmt::format("`{}` is not a text file", path));
  return SourceFile(path, std::move(content));
}

std::string_view SourceFile::text(SourceRange range) const {
  PLACEWRIGHT_CHECK(range.begin <= range.end && range.end <= text_.size());
  return std::string_view(text_).substr(range.begin, range.end - range.begin);
}

SourcePosition SourceFile::position(uint32_t offset) const {
  offset = std::min<uint32_t>(offset, static_cast<uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto index = static_cast<int>(after - line_starts_.begin()) - 1;
  return {index + 1, static_cast<int>(offset - line_starts_[index]) + 1};
}

std::string_view SourceFile::line(int number) const {
  PLACEWRIGHT_CHECK(number >= 1 && number <= line_count());
  const uint32_t begin = line_starts_[number - 1];
  const auto end = text_.find_first_of("\r\n", begin);
  return std::string_view(text_).substr(begin, end == std::string::npos ? end : end - begin);
}

}  // namespace placewright
