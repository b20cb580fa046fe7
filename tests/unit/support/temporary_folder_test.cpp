// SPDX-License-Identifier: Apache-2.0
#include "support/temporary_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace placewright {
namespace {

TEST(TemporaryFolder, GoesWithTheObjectAndAllThatIsInIt) {
  std::string path;
  {
    auto folder = TemporaryFolder::make();
    ASSERT_TRUE(folder.has_value()) << folder.error().message;
    path = folder->path();
    std::ofstream(path + "/file") << "text";
    EXPECT_TRUE(std::filesystem::exists(path + "/file"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TemporaryFolder, StaysWhenItIsKept) {
  std::string path;
  {
    auto folder = TemporaryFolder::make();
    ASSERT_TRUE(folder.has_value()) << folder.error().message;
    path = folder->keep();
  }
  EXPECT_TRUE(std::filesystem::exists(path));
  delete_abandoned_folders(std::filesystem::path(path).parent_path().string());
  EXPECT_TRUE(std::filesystem::exists(path));
  std::filesystem::remove_all(path);
}

TEST(TemporaryFolder, OfAKilledProcessIsDeletedByTheNextOne) {
  std::string base = (std::filesystem::temp_directory_path() / "pw-test-XXXXXX").string();
  ASSERT_NE(mkdtemp(base.data()), nullptr);
  setenv("TMPDIR", base.c_str(), 1);
  const pid_t child = fork();
  if (child == 0) {
    const auto folder = TemporaryFolder::make();
    if (folder) std::ofstream(folder->path() + "/file") << "text";
    raise(SIGKILL);
  }
  waitpid(child, nullptr, 0);
  const auto running = TemporaryFolder::make();
  ASSERT_TRUE(running);
  // Not made by this program, or not by this user's process.
  for (const char* name : {"placewright-1", "placewright-99999999-abcdefg", "placewright-x-abcdef"})
    std::filesystem::create_directory(base + "/" + name);
  std::filesystem::create_directory_symlink(running->path(), base + "/placewright-99999999-abcdef");
  const auto count = [&] {
    return std::distance(std::filesystem::directory_iterator(base),
                         std::filesystem::directory_iterator());
  };
  EXPECT_EQ(count(), 6);
  delete_abandoned_folders(base);
  EXPECT_EQ(count(), 5);
  EXPECT_TRUE(std::filesystem::exists(running->path()));
  unsetenv("TMPDIR");
  std::filesystem::remove_all(base);
}

TEST(TemporaryFolder, ThatAProcessElsewhereHoldsStays) {
  std::string base = (std::filesystem::temp_directory_path() / "pw-test-XXXXXX").string();
  ASSERT_NE(mkdtemp(base.data()), nullptr);
  // A process of another container: its number is not known here, but it holds the lock.
  const std::string path = base + "/placewright-99999999-abcdef";
  std::filesystem::create_directory(path);
  const int held = open(path.c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(flock(held, LOCK_EX), 0);
  delete_abandoned_folders(base);
  EXPECT_TRUE(std::filesystem::exists(path));
  close(held);
  delete_abandoned_folders(base);
  EXPECT_FALSE(std::filesystem::exists(path));
  std::filesystem::remove_all(base);
}

}  // namespace
}  // namespace placewright
