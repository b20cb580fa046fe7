// SPDX-License-Identifier: Apache-2.0
#include "tune/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "support/terminal.h"

namespace placewright::tune {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What is written to a stream.
class Captured {
 public:
  ~Captured() { std::fclose(file_); }
  std::FILE* stream() { return file_; }
  std::string text() {
    std::fflush(file_);
    std::string text(static_cast<size_t>(std::ftell(file_)), ' ');
    std::rewind(file_);
    const size_t size = std::fread(text.data(), 1, text.size(), file_);
    EXPECT_EQ(size, text.size());
    return text;
  }

 private:
  std::FILE* file_ = std::tmpfile();
};

void show(Progress& progress) {
  progress.note("a note that is longer than forty columns and is not cut, because it stays");
  progress.running("profile run: descent rp_shared, rp_private and rp_ghost of calculate: ZCMEM");
  Evaluation evaluation;
  progress.evaluated(evaluation, "#12 descent, \x1b[2Jrp_shared of calculate_new_currents: 0.9 s",
                     "best 0.912 s (descent), 0.871 of default");
  progress.tick(125);
}

TEST(LiveProgress, NoRedrawnLineIsWiderThanTheTerminal) {
  setenv("NO_COLOR", "1", 1);
  for (const size_t columns : {40, 41, 57, 80, 200}) {
    Captured out;
    show(*make_live_progress(out.stream(), columns));
    std::istringstream lines(out.text());
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("a note")) continue;
      while (line.starts_with("\x1b[")) line.erase(0, 1 + line.find_first_of("FJ"));
      EXPECT_LT(columns_of(line), columns) << line;
    }
  }
}

TEST(LiveProgress, AMoveCannotControlTheTerminal) {
  setenv("NO_COLOR", "1", 1);
  Captured out;
  show(*make_live_progress(out.stream(), 80));
  EXPECT_THAT(out.text(),
              testing::AllOf(HasSubstr("\\x1b[2Jrp_shared"), Not(HasSubstr("\x1b[2J"))));
}

TEST(Progress, IsLinesWhereNothingCanBeRedrawn) {
  Captured out;
  show(*make_progress(out.stream()));
  EXPECT_THAT(out.text(), testing::AllOf(HasSubstr("0.9 s; best 0.912 s"), Not(HasSubstr("\x1b"))));
}

}  // namespace
}  // namespace placewright::tune
