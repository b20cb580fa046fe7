// SPDX-License-Identifier: Apache-2.0
#include "llm/secret.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <type_traits>

namespace placewright::llm {
namespace {

const Secret kKey("pw-test-4f9a7c21e8b35d60");

class SecretFile : public testing::Test {
 protected:
  SecretFile() : path_(testing::TempDir() + fmt::format("placewright-key-{}", getpid())) {}
  ~SecretFile() override { std::filesystem::remove_all(path_); }
  void write(const std::string& text, mode_t mode) const {
    std::ofstream(path_) << text;
    ASSERT_EQ(chmod(path_.c_str(), mode), 0);
  }
  const std::string path_;
};

template <class Value>
concept Printable = requires(std::ostream& out, const Value& value) {
  out << value;
};

TEST(Secret, CannotBePrinted) {
  static_assert(!Printable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!fmt::is_formattable<Secret>::value);
}

TEST(Secret, DropsTheLineBreakOfAFile) { EXPECT_EQ(make_secret(" abc\r\n", "x")->reveal(), "abc"); }

TEST(Secret, RefusesWhatCouldSplitAHeader) {
  const auto key = make_secret("abc\r\nX-Evil: 1", "SOME_KEY");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().message,
            "the key in SOME_KEY has blanks or characters that are invalid in a key");
  EXPECT_FALSE(make_secret("  \n", "x"));
}

TEST_F(SecretFile, IsReadWithMode0600) {
  write("secret-word\n", 0600);
  const auto key = read_secret_file(path_);
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->reveal(), "secret-word");
}

TEST_F(SecretFile, IsRefusedWhenOthersMayRead) {
  write("secret-word\n", 0644);
  const auto key = read_secret_file(path_);
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error().message, testing::HasSubstr("has mode 0644, expected 0600"));
  EXPECT_EQ(key.error().help, "chmod 600 " + path_);
  EXPECT_THAT(key.error().message, testing::Not(testing::HasSubstr("secret-word")));
}

TEST_F(SecretFile, IsRefusedWhenItBelongsToSomeoneElse) {
  write("secret-word\n", 0600);
  if (geteuid() != 0 || chown(path_.c_str(), 12345, 12345) != 0)
    GTEST_SKIP() << "skipped: only root can give a file away";
  const auto key = read_secret_file(path_);
  ASSERT_FALSE(key);
  EXPECT_THAT(key.error().message, testing::HasSubstr("belongs to user 12345, not to user 0"));
}

TEST_F(SecretFile, MustExistAndBeASmallRegularFile) {
  EXPECT_THAT(read_secret_file(path_).error().message, testing::HasSubstr("No such file"));
  write(std::string(5000, 'a'), 0600);
  EXPECT_THAT(read_secret_file(path_).error().message, testing::HasSubstr("larger than 4 KiB"));
  std::filesystem::remove(path_);
  std::filesystem::create_directory(path_);
  EXPECT_THAT(read_secret_file(path_).error().message, testing::HasSubstr("not a regular file"));
  std::filesystem::remove(path_);
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(read_secret_file(path_).error().message, testing::HasSubstr("not a regular file"));
}

TEST(Redactor, RemovesTheKeyAndPartsOfIt) {
  const Redactor redact(kKey);
  EXPECT_EQ(redact("key pw-test-4f9a7c21e8b35d60!"), "key [redacted]!");
  EXPECT_EQ(redact("starts pw-test-4f9*** and ends 1e8b35d60"),
            "starts [redacted]*** and ends [redacted]");
  EXPECT_EQ(redact("nothing of it"), "nothing of it");
}

TEST(Redactor, RemovesOtherKeysFromErrors) {
  const Redactor redact;
  EXPECT_EQ(redact("Incorrect API key provided: sk-proj-ab12****wxyz."),
            "Incorrect API key provided: [redacted]");
  EXPECT_EQ(redact("sent Authorization: Bearer abcdef123456, see"),
            "sent Authorization: Bearer [redacted], see");
  EXPECT_EQ(redact("a task-graph-node and disk-write"), "a task-graph-node and disk-write");
}

TEST(Redactor, LeavesAnswersAloneButForItsOwnKey) {
  const Redactor redact(kKey);
  EXPECT_EQ(redact.only_own("sk-something-else pw-test-4f9a7c21e8b35d60"),
            "sk-something-else [redacted]");
}

TEST(Redactor, DoesNotTakePlaceholdersForSecrets) {
  const Redactor redact(Secret("none"));
  EXPECT_EQ(redact("none of these"), "none of these");
}

}  // namespace
}  // namespace placewright::llm
