// SPDX-License-Identifier: Apache-2.0
#include "tune/progress.h"

#include <fmt/format.h>

#include "support/live_block.h"
#include "support/terminal.h"

namespace placewright::tune {
namespace {

// Lines for files, pipes and terminals that cannot redraw.
class LineProgress : public Progress {
 public:
  explicit LineProgress(std::FILE* out) : out_(out) {}
  void note(const std::string& text) override { print_text(out_, "{}\n", text); }
  void running(const std::string&) override {}
  void evaluated(const Evaluation& evaluation, const std::string& description,
                 const std::string& best) override {
    print_text(out_, "{}{}{}{}\n", description, evaluation.accepted ? ", kept" : "",
               best.empty() ? "" : "; ", best);
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
  LiveProgress(std::FILE* out, size_t columns) : block_(out, columns) {}

  void note(const std::string& text) override { block_.note({text}); }
  void running(const std::string& what) override {
    running_ = what;
    draw();
  }
  void evaluated(const Evaluation& evaluation, const std::string& description,
                 const std::string& best) override {
    ++count_;
    if (evaluation.status != Status::Ok) ++failed_;
    last_ = description;
    best_ = best;
    if (evaluation.accepted) block_.note({last_ + ", kept", Emphasis::Good});
    draw();
  }
  void tick(double remaining_s) override {
    const int seconds = remaining_s > 0 ? static_cast<int>(remaining_s) : 0;
    if (seconds == remaining_ && is_drawn_) return;
    remaining_ = seconds;
    draw();
  }
  void finish() override {
    block_.erase();
    is_drawn_ = false;
  }

 private:
  void draw() {
    is_drawn_ = true;
    block_.show({{best_.empty() ? "no measurement yet" : best_, Emphasis::Strong},
                 {"now   " + running_},
                 {"last  " + last_},
                 {fmt::format("{} evaluations, {} failed, {}:{:02} left", count_, failed_,
                              remaining_ / 60, remaining_ % 60)}});
  }

  LiveBlock block_;
  bool is_drawn_ = false;
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
  void evaluated(const Evaluation&, const std::string&, const std::string&) override {}
  void tick(double) override {}
  void finish() override {}
};

}  // namespace

std::unique_ptr<Progress> make_progress(std::FILE* out) {
  if (can_redraw(out)) return make_live_progress(out, 0);
  return std::make_unique<LineProgress>(out);
}

std::unique_ptr<Progress> make_live_progress(std::FILE* out, size_t columns) {
  return std::make_unique<LiveProgress>(out, columns);
}

std::unique_ptr<Progress> make_silent_progress() { return std::make_unique<SilentProgress>(); }

std::string describe(const Evaluation& evaluation, const Metric& metric) {
  std::string text = fmt::format("#{} {}", evaluation.id, evaluation.origin_name());
  if (!evaluation.move.empty()) text += fmt::format(", {}", evaluation.move);
  if (evaluation.status == Status::Ok && evaluation.median)
    return fmt::format("{}: {}", text, metric.text(*evaluation.median));
  text += fmt::format(": {}", to_string(evaluation.status));
  if (evaluation.memory) text += fmt::format(" ({})", machine::to_string(*evaluation.memory));
  const std::string reason = evaluation.message.substr(0, evaluation.message.find('\n'));
  return reason.empty() ? text : fmt::format("{}: {}", text, reason);
}

}  // namespace placewright::tune
