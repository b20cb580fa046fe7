// SPDX-License-Identifier: Apache-2.0
#include "lang/syntax/printer.h"

#include <algorithm>
#include <cstdint>

namespace placewright::lang {
namespace {

class Formatter {
 public:
  Formatter(const SourceFile& file, const Program& program)
      : file_(file), program_(program), printed_(program.comments.size()) {}

  std::string run() {
    for (size_t i = 0; i < program_.statements.size(); ++i) {
      const bool last = i + 1 == program_.statements.size();
      const uint32_t next = last ? end_of_file() : program_.statements[i + 1].range.begin;
      print_statement(program_.statements[i], next);
    }
    print_comments(0, end_of_file(), "");
    return std::move(out_);
  }

 private:
  static constexpr std::string_view kIndent = "  ";

  void print_statement(const Statement& statement, uint32_t next) {
    const SourceRange range = statement.range;
    print_comments(0, range.begin, "");
    const auto* function = std::get_if<FunctionDefinition>(&statement.node);
    blank_line(range.begin);
    if (function == nullptr) {
      hoist_comments(range.begin, range.end, "");
    } else {
      hoist_comments(range.begin, function->body_range.begin, "");
      hoist_comments(function->body_range.end, range.end, "");
    }
    out_ += to_source(statement);
    if (function != nullptr) print_body(*function);
    print_trailing_comment(range.end, next);
  }

  // From after the `{` to the `}`.
  void print_body(const FunctionDefinition& function) {
    const uint32_t end = function.body_range.end - 1;
    const std::vector<FunctionStatement>& body = function.body;
    const auto begin_of = [&](size_t i) { return i < body.size() ? body[i].range.begin : end; };
    print_trailing_comment(function.body_range.begin + 1, begin_of(0));
    at_start_ = true;
    for (size_t i = 0; i < body.size(); ++i) {
      const SourceRange range = body[i].range;
      print_comments(0, range.begin, kIndent);
      blank_line(range.begin);
      hoist_comments(range.begin, range.end, kIndent);
      out_ += kIndent;
      out_ += to_source(body[i]);
      print_trailing_comment(range.end, begin_of(i + 1));
    }
    print_comments(0, end, kIndent);
    out_ += "}";
  }

  // The comments in a range of the text, one per line, keeping blank lines between them.
  void print_comments(uint32_t begin, uint32_t end, std::string_view indent) {
    for (const size_t i : comments_in(begin, end)) {
      blank_line(program_.comments[i].range.begin);
      print_comment(i, indent);
      last_end_ = program_.comments[i].range.end;
    }
  }

  // Comments inside a statement move above it.
  void hoist_comments(uint32_t begin, uint32_t end, std::string_view indent) {
    for (const size_t i : comments_in(begin, end)) print_comment(i, indent);
  }

  void print_comment(size_t i, std::string_view indent) {
    out_ += indent;
    out_ += file_.text(program_.comments[i].range);
    out_ += "\n";
    printed_[i] = true;
    at_start_ = false;
  }

  // The comment after a statement on its last line, and the line break.
  void print_trailing_comment(uint32_t end, uint32_t next) {
    last_end_ = end;
    for (const size_t i : comments_in(end, next)) {
      const Comment& comment = program_.comments[i];
      if (line_breaks(end, comment.range.begin) > 0) break;
      out_ += "  ";
      out_ += file_.text(comment.range);
      printed_[i] = true;
      last_end_ = comment.range.end;
      break;
    }
    out_ += "\n";
    at_start_ = false;
  }

  // Keeps a blank line between what was printed last and what begins at `begin`.
  void blank_line(uint32_t begin) {
    if (!at_start_ && begin > last_end_ && line_breaks(last_end_, begin) > 1) out_ += "\n";
    at_start_ = false;
  }

  [[nodiscard]] int64_t line_breaks(uint32_t begin, uint32_t end) const {
    const std::string_view between = file_.text({begin, end});
    return std::count(between.begin(), between.end(), '\n');
  }

  // The comments not yet printed that begin in [begin, end).
  [[nodiscard]] std::vector<size_t> comments_in(uint32_t begin, uint32_t end) {
    const auto& comments = program_.comments;
    while (first_ < printed_.size() && printed_[first_]) ++first_;
    std::vector<size_t> found;
    for (size_t i = first_; i < comments.size() && comments[i].range.begin < end; ++i) {
      if (!printed_[i] && comments[i].range.begin >= begin) found.push_back(i);
    }
    return found;
  }

  [[nodiscard]] uint32_t end_of_file() const { return static_cast<uint32_t>(file_.text().size()); }

  const SourceFile& file_;
  const Program& program_;
  std::vector<bool> printed_;
  size_t first_ = 0;       ///< All comments before this one have been printed.
  uint32_t last_end_ = 0;  ///< Where in the source the last printed item ends.
  bool at_start_ = true;   ///< Start of the file or of a body: no blank line here.
  std::string out_;
};

}  // namespace

std::string format_program(const SourceFile& file, const Program& program) {
  return Formatter(file, program).run();
}

}  // namespace placewright::lang
