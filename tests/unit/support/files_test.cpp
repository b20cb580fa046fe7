// SPDX-License-Identifier: Apache-2.0
#include "support/files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "scratch.h"

namespace placewright {
namespace {

namespace fs = std::filesystem;

class Files : public InScratchFolder {
 protected:
  static struct stat facts(const std::string& path) {
    struct stat found {};
    EXPECT_EQ(lstat(path.c_str(), &found), 0) << path;
    return found;
  }
  static std::string refusal(const std::string& path, const std::string& text = "new") {
    const auto written = write_file(path, text);
    return written ? "written" : written.error().message;
  }
  /// Whether `work` returns true in a process of its own that was prepared by `limits`.
  template <class Limits, class Work>
  static bool holds_under(const Limits& limits, const Work& work) {
    const pid_t child = fork();
    if (child == 0) {
      limits();
      _exit(work() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  /// No file can be larger than 4 KiB: as on a full disk, a write ends half-way.
  static void fill_disk() {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  /// Root may write everything, so it becomes somebody who owns the test's folder.
  void drop_root() const {
    if (geteuid() != 0) return;
    const uid_t somebody = 1234;
    if (chown(folder_.c_str(), somebody, somebody) != 0 || setuid(somebody) != 0) _exit(2);
  }
};

TEST_F(Files, ReadBackWhatWasWritten) {
  const std::string text("a\0b\n\xff", 5);
  ASSERT_TRUE(write_file(in("new"), text));
  EXPECT_EQ(*read_file(in("new")), text);
  ASSERT_TRUE(write_file(in("new"), ""));
  EXPECT_EQ(*read_file(in("new")), "");
  EXPECT_EQ(count(), 1u) << "a temporary file is left";
}

TEST_F(Files, AreNamedWhereTheyCannotBeRead) {
  put(in("long"), "12345");
  EXPECT_EQ(read_file(in("none")).error().message, "no such file: `" + in("none") + "`");
  EXPECT_EQ(read_file(folder_).error().message, "`" + folder_ + "` is a folder, not a file");
  EXPECT_EQ(read_file(in("long"), 4).error().message,
            "`" + in("long") + "` is larger than 4 bytes");
  EXPECT_EQ(read_file("/dev/zero", 1 << 20).error().message, "`/dev/zero` is larger than 1 MiB");
}

TEST_F(Files, AreMadeWithTheModeThatTheUserAsksFor) {
  const mode_t before = umask(027);
  ASSERT_TRUE(write_file(in("new"), "text"));
  umask(before);
  EXPECT_EQ(facts(in("new")).st_mode & 07777, 0640u);
}

TEST_F(Files, KeepModeAndOwner) {
  for (const mode_t mode : {0600u, 0664u, 0755u, 04711u}) {
    put(in("kept"), "old");
    const bool is_root = geteuid() == 0;
    if (is_root) {
      ASSERT_EQ(chown(in("kept").c_str(), 1234, 1235), 0);
    }
    ASSERT_EQ(chmod(in("kept").c_str(), mode), 0);
    ASSERT_TRUE(write_file(in("kept"), "new"));
    EXPECT_EQ(content(in("kept")), "new");
    EXPECT_EQ(facts(in("kept")).st_mode & 07777, mode);
    if (is_root) {
      EXPECT_EQ(facts(in("kept")).st_uid, 1234u);
      EXPECT_EQ(facts(in("kept")).st_gid, 1235u);
    }
    fs::remove(in("kept"));
  }
}

TEST_F(Files, WithSeveralNamesKeepThem) {
  put(in("a"), "a longer old text");
  fs::create_hard_link(in("a"), in("b"));
  ASSERT_TRUE(write_file(in("a"), "new"));
  EXPECT_EQ(content(in("b")), "new");
}

TEST_F(Files, ThatMayNotBeWrittenAreNotReplaced) {
  const auto is_refused = [&] {
    put(in("guarded"), "old");
    fs::permissions(in("guarded"), fs::perms::owner_read);
    return refusal(in("guarded")) == "cannot write `" + in("guarded") + "`: Permission denied" &&
           !check_writable(in("guarded")) && content(in("guarded")) == "old";
  };
  EXPECT_TRUE(holds_under([&] { drop_root(); }, is_refused));
}

TEST_F(Files, InAFolderThatMayNotBeWrittenAreOverwritten) {
  const auto is_overwritten = [&] {
    fs::create_directory(in("fixed"));
    put(in("fixed/file"), "an old text");
    fs::permissions(in("fixed"), fs::perms::owner_read | fs::perms::owner_exec);
    const bool written = check_writable(in("fixed/file")) && write_file(in("fixed/file"), "new");
    const bool refused = !check_writable(in("fixed/new")) && !write_file(in("fixed/new"), "new");
    fs::permissions(in("fixed"), fs::perms::owner_all);
    return written && refused && content(in("fixed/file")) == "new";
  };
  EXPECT_TRUE(holds_under([&] { drop_root(); }, is_overwritten));
}

TEST_F(Files, LeaveAUsersOwnLinkAndWriteItsTarget) {
  fs::create_directory(in("far"));
  put(in("far/target"), "old");
  fs::create_symlink("far/target", in("link"));
  fs::create_symlink("link", in("link to link"));
  ASSERT_TRUE(write_file(in("link to link"), "new"));
  EXPECT_TRUE(fs::is_symlink(in("link to link")));
  EXPECT_TRUE(fs::is_symlink(in("link")));
  EXPECT_EQ(content(in("far/target")), "new");
  fs::create_symlink("far/fresh", in("dangling"));
  ASSERT_TRUE(write_file(in("dangling"), "made"));
  EXPECT_EQ(content(in("far/fresh")), "made");
}

TEST_F(Files, FollowNoLinkOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can make such a link";
  put(in("victim"), "old");
  fs::create_symlink("victim", in("planted"));
  ASSERT_EQ(lchown(in("planted").c_str(), 1234, 1234), 0);
  EXPECT_EQ(refusal(in("planted")), "`" + in("planted") + "` is a link that another user has made");
  EXPECT_FALSE(check_writable(in("planted")));
  EXPECT_EQ(content(in("victim")), "old");
}

TEST_F(Files, ThatLinkInACircleAreRefused) {
  fs::create_symlink("b", in("a"));
  fs::create_symlink("a", in("b"));
  EXPECT_EQ(refusal(in("a")), "`" + in("a") + "` leads to itself through links");
}

TEST_F(Files, ThatAreDevicesStayAndTheirErrorsAreTold) {
  EXPECT_EQ(refusal("/dev/null"), "written");
  EXPECT_EQ(refusal("/dev/full"), "cannot write `/dev/full`: No space left on device");
  EXPECT_TRUE(S_ISCHR(facts("/dev/null").st_mode));
  EXPECT_TRUE(S_ISCHR(facts("/dev/full").st_mode));
  EXPECT_EQ(refusal(folder_), "cannot write `" + folder_ + "`: Is a directory");
  EXPECT_EQ(refusal(in("no/file")),
            "cannot write `" + in("no/file") + "`: No such file or directory");
}

TEST_F(Files, ThatArePipesReceiveTheText) {
  const std::string pipe = in("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(refusal(pipe), "cannot write `" + pipe + "`: nothing reads from this pipe");
  EXPECT_TRUE(check_writable(pipe)) << "which must not wake a reader";
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  fcntl(reader, F_SETFL, 0);
  const std::string text(300'000, 'x');  // more than a pipe holds
  std::string received;
  std::atomic<bool> is_written = false;
  std::thread reading([&] {
    char buffer[4096];
    while (true) {
      const bool was_written = is_written;
      const ssize_t size = read(reader, buffer, sizeof buffer);
      if (size > 0) {
        received.append(buffer, static_cast<size_t>(size));
      } else if (was_written) {
        break;
      } else {
        std::this_thread::
            yield();  // A pipe without a writer, as before the first one, is at its end.
      }
    }
  });
  EXPECT_TRUE(write_file(pipe, text));
  is_written = true;
  reading.join();
  close(reader);
  EXPECT_EQ(received, text);
  EXPECT_TRUE(fs::is_fifo(pipe));
}

TEST_F(Files, ThatAreOpenInThisProcessAreWrittenThere) {
  const int out = open(in("out").c_str(), O_RDWR | O_CREAT, 0600);
  fs::create_symlink("/proc/self/fd/" + std::to_string(out), in("stdout"));
  ASSERT_TRUE(write_file(in("stdout"), "text"));
  struct stat open_file {};
  fstat(out, &open_file);
  close(out);
  EXPECT_EQ(content(in("out")), "text");
  EXPECT_EQ(open_file.st_ino, facts(in("out")).st_ino) << "the open file was replaced";
}

TEST_F(Files, KeepTheOldTextOnAFullDisk) {
  const std::string old(1000, 'o');
  const std::string large(100'000, 'n');
  put(in("one name"), old);
  put(in("two names"), old);
  fs::create_hard_link(in("two names"), in("second name"));
  for (const std::string name : {"one name", "two names"}) {
    EXPECT_TRUE(holds_under(fill_disk, [&] {
      return refusal(in(name), large) == "cannot write `" + in(name) + "`: File too large";
    }));
    EXPECT_EQ(content(in(name)), old);
  }
  EXPECT_TRUE(holds_under(fill_disk, [&] { return !write_file(in("new"), large); }));
  EXPECT_EQ(count(), 3u) << "a part of a file is left";
}

TEST_F(Files, AreNotReadWhileHalfWritten) {
  const std::string a(200'000, 'a');
  const std::string b(200'000, 'b');
  put(in("file"), a);
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(write_file(in("file"), i % 2 == 0 ? b : a));
  });
  for (int i = 0; i < 100; ++i) {
    const auto seen = read_file(in("file"));
    EXPECT_TRUE(seen && (*seen == a || *seen == b));
  }
  writer.join();
}

TEST_F(Files, ThatTwoWritersMakeAreOneOfTheTwo) {
  std::thread first([&] { EXPECT_TRUE(write_file(in("file"), "first")); });
  EXPECT_TRUE(write_file(in("file"), "other"));
  first.join();
  EXPECT_TRUE(content(in("file")) == "first" || content(in("file")) == "other");
  EXPECT_EQ(count(), 1u);
}

TEST_F(Files, AreUnchangedByAskingWhetherTheyCanBeWritten) {
  put(in("file"), "old");
  EXPECT_TRUE(check_writable(in("file")));
  EXPECT_TRUE(check_writable(in("new")));
  EXPECT_EQ(check_writable(in("no/file")).error().message,
            "cannot write `" + in("no/file") + "`: No such file or directory");
  EXPECT_EQ(check_writable(folder_).error().message,
            "cannot write `" + folder_ + "`: Is a directory");
  EXPECT_EQ(content(in("file")), "old");
  EXPECT_EQ(count(), 1u);
}

}  // namespace
}  // namespace placewright
