// SPDX-License-Identifier: Apache-2.0
#include "support/process_table.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace placewright {
namespace {

TEST(ProcessTable, KnowsThisProcess) {
  const auto facts = process_facts(getpid());
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->parent, getppid());
  EXPECT_EQ(facts->session, getsid(0));
  EXPECT_FALSE(facts->has_ended());
  const auto all = all_processes();
  EXPECT_EQ(std::ranges::count(all, getpid(), &ProcessFacts::pid), 1);
}

TEST(ProcessTable, FindsAProcessByItsNameUntilItEnds) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::string name = name_of_this_process();
    [[maybe_unused]] const ssize_t size = write(pipe_ends[1], name.data(), name.size());
    pause();
  }
  char text[200];
  const ssize_t size = read(pipe_ends[0], text, sizeof text);
  ASSERT_GT(size, 0);
  const std::string name(text, static_cast<size_t>(size));
  EXPECT_EQ(running_process(name), child);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_FALSE(running_process(name));
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

TEST(ProcessTable, TakesNoOtherProcessWithTheSameNumber) {
  const std::string own = name_of_this_process();
  EXPECT_EQ(running_process(own), getpid());
  const std::string number = std::to_string(getpid());
  EXPECT_FALSE(running_process(number + " 1 " + own.substr(own.rfind(' ') + 1))) << "another start";
  EXPECT_FALSE(running_process(own + "x")) << "before the machine was started again";
  for (const char* text : {"", "-1", "0 0 x", "99999999999999999999", "name"})
    EXPECT_FALSE(running_process(text)) << text;
}

}  // namespace
}  // namespace placewright
