// SPDX-License-Identifier: Apache-2.0
#include "tune/progress.h"

#include <fmt/format.h>

#include <cstdlib>

namespace placewright::tune {
namespace {

// Lines for files and pipes.
class LineProgress : public Progress {
 public:
  explicit LineProgress(std::FILE* out) : out_(out) {}
  void note(const std::string& text) override { fmt::print(out_, "{}\n", text); }
  void running(const std::string&) override {}
  void evaluated(const Evaluation& evaluation, const std::string& best) override {
    fmt::print(out_, "{}{}; {}\n", describe(evaluation), evaluation.accepted ? ", kept" : "", best);
    std::fflush(out_);
  }
  void tick(double) override {}
  void finish() override { std::fflush(out_); }

 private:
  std::FILE* out_;
};

// Four lines that are redrawn in place. Notes scroll away above them.
class LiveProgress : public Progress {
 public:
  explicit LiveProgress(std::FILE* out) : out_(out), colour_(std::getenv("NO_COLOR") == nullptr) {}

  void note(const std::string& text) override {
    erase();
    fmt::print(out_, "{}\n", text);
    draw();
  }
  void running(const std::string& what) override {
    running_ = what;
    redraw();
  }
  void evaluated(const Evaluation& evaluation, const std::string& best) override {
    ++count_;
    if (evaluation.status != Status::Ok) ++failed_;
    last_ = describe(evaluation);
    best_ = best;
    if (evaluation.accepted) {
      note(paint("32", last_ + ", kept"));
    } else {
      redraw();
    }
  }
  void tick(double remaining_s) override {
    const int seconds = remaining_s > 0 ? static_cast<int>(remaining_s) : 0;
    if (seconds == remaining_ && drawn_ > 0) return;
    remaining_ = seconds;
    redraw();
  }
  void finish() override {
    erase();
    std::fflush(out_);
  }

 private:
  void erase() {
    if (drawn_ > 0) fmt::print(out_, "\x1b[{}F\x1b[J", drawn_);
    drawn_ = 0;
  }
  void redraw() {
    erase();
    draw();
  }
  void draw() {
    line(paint("1", best_.empty() ? "no measurement yet" : best_));
    line("now   " + clipped(running_));
    line("last  " + clipped(last_));
    line(fmt::format("{} evaluations, {} failed, {}:{:02} left", count_, failed_, remaining_ / 60,
                     remaining_ % 60));
    std::fflush(out_);
  }
  void line(const std::string& text) {
    fmt::print(out_, "{}\n", text);
    ++drawn_;
  }
  // A wrapped line would invalidate the number of lines to move back up.
  static std::string clipped(const std::string& text) {
    constexpr size_t kWidth = 70;
    const std::string first = text.substr(0, text.find('\n'));
    return first.size() <= kWidth ? first : first.substr(0, kWidth - 3) + "...";
  }
  std::string paint(const char* code, const std::string& text) const {
    return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, clipped(text)) : clipped(text);
  }

  std::FILE* out_;
  bool colour_;
  int drawn_ = 0;
  int count_ = 0;
  int failed_ = 0;
  int remaining_ = 0;
  std::string running_;
  std::string last_;
  std::string best_;
};

class SilentProgress : public Progress {
 public:
  void note(const std::string&) override {}
  void running(const std::string&) override {}
  void evaluated(const Evaluation&, const std::string&) override {}
  void tick(double) override {}
  void finish() override {}
};

}  // namespace

std::unique_ptr<Progress> make_progress(std::FILE* out, bool live) {
  if (live) return std::make_unique<LiveProgress>(out);
  return std::make_unique<LineProgress>(out);
}

std::unique_ptr<Progress> make_silent_progress() { return std::make_unique<SilentProgress>(); }

std::string describe(const Evaluation& evaluation) {
  std::string text = fmt::format("#{} {}", evaluation.id, evaluation.origin_name());
  if (!evaluation.move.empty()) text += fmt::format(", {}", evaluation.move);
  if (evaluation.status == Status::Ok && evaluation.median)
    return fmt::format("{}: {:.4g} s", text, *evaluation.median);
  text += fmt::format(": {}", to_string(evaluation.status));
  if (evaluation.memory) text += fmt::format(" ({})", machine::to_string(*evaluation.memory));
  const std::string reason = evaluation.message.substr(0, evaluation.message.find('\n'));
  return reason.empty() ? text : fmt::format("{}: {}", text, reason);
}

}  // namespace placewright::tune
