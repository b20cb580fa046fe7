// SPDX-License-Identifier: Apache-2.0
#include "profile/legion_log.h"

#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

#include "support/try.h"

namespace placewright::profile {
namespace {

constexpr std::string_view kFileType = "FileType: BinaryLegionProf";
constexpr size_t kMostHeader = 1 << 20;
constexpr size_t kMostText = 1 << 20;
constexpr int kMostDimensions = 16;

/// How many bytes a field has.
enum class Extent { Fixed, Text, Point, Box, Uuid };

struct Field {
  Extent extent = Extent::Fixed;
  int bytes = 0;
};

struct Kind {
  std::string name;
  std::vector<std::string> names;
  std::vector<Field> fields;
  const std::function<void(const Record&)>* handler = nullptr;
};

struct CloseFile {
  void operator()(gzFile_s* file) const { gzclose(file); }
};

std::string_view take_until(std::string_view& text, char end) {
  const size_t at = std::min(text.find(end), text.size());
  const std::string_view head = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return head;
}

std::optional<int> integer(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// `name:type:size`; a size of -1 means a text that ends with a zero byte.
std::optional<Field> parse_field(std::string_view type, std::string_view size) {
  const std::optional<int> bytes = integer(size);
  if (!bytes) return std::nullopt;
  if (type == "point") return Field{Extent::Point, 0};
  if (type == "array") return Field{Extent::Box, 0};
  if (type == "uuid") return Field{Extent::Uuid, 0};
  if (*bytes == -1) return Field{Extent::Text, 0};
  if (*bytes < 1 || *bytes > 8) return std::nullopt;
  return Field{Extent::Fixed, *bytes};
}

}  // namespace

uint64_t Record::number(std::string_view field) const {
  const auto found = std::ranges::find(*names_, field);
  return found == names_->end() ? 0 : numbers_[static_cast<size_t>(found - names_->begin())];
}

std::string_view Record::text(std::string_view field) const {
  const auto found = std::ranges::find(*names_, field);
  return found == names_->end() ? std::string_view{}
                                : texts_[static_cast<size_t>(found - names_->begin())];
}

class LogReader {
 public:
  LogReader(const std::string& path, const RecordHandlers& handlers)
      : path_(path), handlers_(handlers) {}

  Result<LogFacts> read() {
    file_.reset(gzopen(path_.c_str(), "rb"));
    if (!file_) return fail(fmt::format("cannot read `{}`: {}", path_, std::strerror(errno)));
    gzbuffer(file_.get(), 1 << 18);
    PLACEWRIGHT_TRY_VOID(read_header());
    while (true) {
      uint32_t id = 0;
      const Taken taken = take(&id, sizeof id);
      if (taken == Taken::Nothing) break;
      const auto kind = kinds_.find(id);
      if (taken == Taken::All && kind == kinds_.end())
        return damaged(fmt::format("a record of kind {}, which its description lacks", id));
      if (taken != Taken::All || !read_record(kind->second)) {
        facts_.truncated = true;
        break;
      }
      ++facts_.records;
      facts_.bytes = position_;
    }
    return facts_;
  }

 private:
  enum class Taken { All, Some, Nothing };

  Taken take(void* to, size_t bytes) {
    const int got = gzread(file_.get(), to, static_cast<unsigned>(bytes));
    if (got > 0) position_ += static_cast<size_t>(got);
    if (got == static_cast<int>(bytes)) return Taken::All;
    return got <= 0 ? Taken::Nothing : Taken::Some;
  }

  tl::unexpected<Error> damaged(const std::string& what) const {
    return fail(fmt::format("`{}` has, before byte {}, {}", path_, position_, what));
  }

  Result<void> read_header() {
    // The description ends with an empty line.
    std::string text;
    for (char c = 0; !text.ends_with("\n\n");) {
      if (text.size() > kMostHeader || take(&c, 1) != Taken::All)
        return fail(fmt::format("`{}` is not a binary profile of Legion", path_),
                    "such a file is written with `-lg:prof 1 -lg:prof_logfile prof_%.gz`");
      text += c;
      if (text.size() == kFileType.size() && text != kFileType)
        return fail(fmt::format("`{}` is not a binary profile of Legion", path_),
                    "such a file is written with `-lg:prof 1 -lg:prof_logfile prof_%.gz`");
    }
    std::string_view rest = text;
    take_until(rest, '\n');
    facts_.runtime = take_until(rest, '\n');
    while (!rest.empty()) {
      const std::string_view line = take_until(rest, '\n');
      if (line.empty()) continue;
      if (!read_description(line))
        return damaged(fmt::format("a description that cannot be understood: `{}`", line));
    }
    return {};
  }

  /// `CopyInfo {id:20, op_id:UniqueID:8, ...}`
  bool read_description(std::string_view line) {
    Kind kind;
    kind.name = take_until(line, ' ');
    if (!line.starts_with("{id:") || !line.ends_with('}')) return false;
    line.remove_prefix(4);
    line.remove_suffix(1);
    const std::optional<int> id = integer(take_until(line, ','));
    if (!id) return false;
    while (!line.empty()) {
      std::string_view text = take_until(line, ',');
      while (text.starts_with(' ')) text.remove_prefix(1);
      kind.names.emplace_back(take_until(text, ':'));
      const std::string_view type = take_until(text, ':');
      const std::optional<Field> field = parse_field(type, text);
      if (!field) return false;
      kind.fields.push_back(*field);
    }
    if (const auto handler = handlers_.find(kind.name); handler != handlers_.end())
      kind.handler = &handler->second;
    kinds_[static_cast<uint32_t>(*id)] = std::move(kind);
    return true;
  }

  bool read_text(std::string& text) {
    text.clear();
    for (char c = 0; text.size() < kMostText; text += c) {
      if (take(&c, 1) != Taken::All) return false;
      if (c == '\0') return true;
    }
    return false;
  }

  bool skip(size_t bytes) {
    scratch_.resize(bytes);
    return bytes == 0 || take(scratch_.data(), bytes) == Taken::All;
  }

  bool read_record(const Kind& kind) {
    record_.names_ = &kind.names;
    record_.numbers_.assign(kind.fields.size(), 0);
    record_.texts_.resize(kind.fields.size());
    for (size_t k = 0; k < kind.fields.size(); ++k) {
      const Field& field = kind.fields[k];
      bool good = true;
      switch (field.extent) {
        case Extent::Fixed:
          good = take(&record_.numbers_[k], static_cast<size_t>(field.bytes)) == Taken::All;
          break;
        case Extent::Text:
          good = read_text(record_.texts_[k]);
          break;
        case Extent::Point:
          good = skip(sizeof(int64_t) * dimensions_);
          break;
        case Extent::Box:
          good = skip(sizeof(int64_t) * 2 * dimensions_);
          break;
        case Extent::Uuid:
          good = skip(std::min<size_t>(record_.number("uuid_size"), kMostText));
          break;
      }
      if (!good) return false;
    }
    // A separate record gives the length of points.
    if (kind.name == "MaxDimDesc")
      dimensions_ = std::min<size_t>(record_.number("max_dim"), kMostDimensions);
    if (kind.handler != nullptr) (*kind.handler)(record_);
    return true;
  }

  const std::string& path_;
  const RecordHandlers& handlers_;
  std::unique_ptr<gzFile_s, CloseFile> file_;
  size_t position_ = 0;
  size_t dimensions_ = 0;
  std::map<uint32_t, Kind> kinds_;
  Record record_;
  std::vector<char> scratch_;
  LogFacts facts_;
};

Result<LogFacts> read_log(const std::string& path, const RecordHandlers& handlers) {
  return LogReader(path, handlers).read();
}

}  // namespace placewright::profile
