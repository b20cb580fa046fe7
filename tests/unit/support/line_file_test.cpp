// SPDX-License-Identifier: Apache-2.0
#include "support/line_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scratch.h"

namespace placewright {
namespace {

using LineFileTest = InScratchFolder;

TEST_F(LineFileTest, GrowsByLinesAndIsContinued) {
  {
    auto file = LineFile::create(in("log"));
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_TRUE(file->append("one\n"));
    EXPECT_EQ(content(in("log")), "one\n") << "before the file is closed";
  }
  put(in("log"), "one\nhal");
  auto file = LineFile::resume(in("log"), "it is held");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(*file->read(), "one\nhal");
  ASSERT_TRUE(file->cut(4));
  ASSERT_TRUE(file->append("two\n"));
  EXPECT_EQ(content(in("log")), "one\ntwo\n");
}

TEST_F(LineFileTest, IsEmptiedWhereItBeginsAnew) {
  put(in("log"), "old\n");
  ASSERT_TRUE(LineFile::create(in("log"))->append("new\n"));
  EXPECT_EQ(content(in("log")), "new\n");
}

TEST_F(LineFileTest, IsContinuedByOneAtATime) {
  {
    const auto first = LineFile::resume(in("log"), "it is held");
    ASSERT_TRUE(first);
    const auto second = LineFile::resume(in("log"), "it is held");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().message, "it is held");
  }
  EXPECT_TRUE(LineFile::resume(in("log"), "it is held"));
}

TEST_F(LineFileTest, ThatIsContinuedIsARegularFile) {
  ASSERT_EQ(mkfifo(in("pipe").c_str(), 0600), 0);
  EXPECT_EQ(LineFile::resume("/dev/null", "").error().message,
            "cannot write `/dev/null`: it is not a regular file");
  EXPECT_FALSE(LineFile::resume(in("pipe"), ""));
  EXPECT_FALSE(LineFile::resume(folder_, ""));
}

TEST_F(LineFileTest, CanBeADeviceOrAPipe) {
  EXPECT_TRUE(LineFile::create("/dev/null")->append("line\n"));
  EXPECT_EQ(LineFile::create("/dev/full")->append("line\n").error().message,
            "cannot write `/dev/full`: No space left on device");
  ASSERT_EQ(mkfifo(in("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(LineFile::create(in("pipe"))) << "which would wait for a reader";
  const int reader = open(in("pipe").c_str(), O_RDONLY | O_NONBLOCK);
  EXPECT_TRUE(LineFile::create(in("pipe"))->append("line\n"));
  char text[8];
  EXPECT_EQ(read(reader, text, sizeof text), 5);
  close(reader);
}

TEST_F(LineFileTest, HoldsNoPartOfALineThatDidNotFit) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto file = LineFile::create(in("log"));
    const bool first = file && file->append("first\n").has_value();
    const bool second = file && file->append(std::string(2000, 'x') + "\n").has_value();
    _exit(first && !second && file->append("third\n") ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(content(in("log")), "first\nthird\n");
}

}  // namespace
}  // namespace placewright
