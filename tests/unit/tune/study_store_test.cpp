// SPDX-License-Identifier: Apache-2.0
#include "tune/study_store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace placewright::tune {
namespace {

namespace fs = std::filesystem;

class StudyStoreTest : public testing::Test {
 protected:
  StudyStoreTest() {
    std::string name = (fs::temp_directory_path() / "placewright-test-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    path_ = folder_ + "/study.db";
  }
  ~StudyStoreTest() override { fs::remove_all(folder_); }

  std::string folder_;
  std::string path_;
};

Evaluation full_evaluation() {
  Evaluation evaluation;
  evaluation.strategy = "descent";
  evaluation.move = "rp_shared: ZCMEM";
  evaluation.mapping = "Region * rp_shared GPU ZCMEM;\n";
  evaluation.fingerprint = "0123456789abcdef";
  evaluation.decisions = "task calc GPU limit 0\n";
  evaluation.status = Status::OutOfMemory;
  evaluation.message = "no room";
  evaluation.memory = machine::MemoryKind::FbMem;
  evaluation.checksum = "c0ffee";
  evaluation.samples = {1.5, 1.25};
  evaluation.median = 1.375;
  evaluation.accepted = true;
  evaluation.elapsed_s = 12.5;
  return evaluation;
}

TEST_F(StudyStoreTest, GivesBackWhatWasWritten) {
  auto store = StudyStore::create(path_, {{"seed", "1"}});
  ASSERT_TRUE(store);
  const auto first = store->add(full_evaluation(), {});
  ASSERT_TRUE(first);
  Evaluation child = full_evaluation();
  child.parent = *first;
  child.memory.reset();
  ASSERT_TRUE(store->add(child, {*first, {1.75}}));

  const auto again = StudyStore::open(path_);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->facts()->at("seed"), "1");
  const auto list = again->evaluations();
  ASSERT_TRUE(list);
  ASSERT_EQ(list->size(), 2u);
  const Evaluation& read = list->front();
  EXPECT_EQ(read.mapping, full_evaluation().mapping);
  EXPECT_EQ(read.status, Status::OutOfMemory);
  EXPECT_EQ(read.memory, machine::MemoryKind::FbMem);
  EXPECT_EQ(read.median, 1.375);
  EXPECT_TRUE(read.accepted);
  EXPECT_THAT(read.samples, testing::ElementsAre(1.5, 1.25, 1.75)) << "with the later race's";
  EXPECT_EQ(list->back().parent, *first);
  EXPECT_FALSE(list->back().memory);
}

TEST_F(StudyStoreTest, DoesNotTouchAStudyThatIsThere) {
  ASSERT_TRUE(StudyStore::create(path_, {}));
  const auto second = StudyStore::create(path_, {});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, testing::HasSubstr("already exists"));
  EXPECT_THAT(second.error().help, testing::HasSubstr("--resume"));
}

TEST_F(StudyStoreTest, RefusesAStudyOfAnotherVersion) {
  ASSERT_TRUE(StudyStore::create(path_, {}));
  SQLite::Database(path_, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 7");
  const auto store = StudyStore::open(path_);
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message,
              testing::HasSubstr("has version 7, this program reads version 3"));
}

TEST_F(StudyStoreTest, RefusesAnEvaluationWithAWordThatItDoesNotKnow) {
  for (const std::string column : {"status", "memory"}) {
    fs::remove(path_);
    auto store = StudyStore::create(path_, {});
    ASSERT_TRUE(store);
    ASSERT_TRUE(store->add(full_evaluation(), {}));
    SQLite::Database(path_, SQLite::OPEN_READWRITE)
        .exec("UPDATE evaluation SET " + column + " = 'unheard-of'");
    const auto list = store->evaluations();
    ASSERT_FALSE(list);
    EXPECT_THAT(list.error().message, testing::HasSubstr(column));
    EXPECT_THAT(list.error().message, testing::HasSubstr("`unheard-of`"));
  }
}

TEST_F(StudyStoreTest, TellsABaselineFromAStrategyByItsWord) {
  auto store = StudyStore::create(path_, {});
  ASSERT_TRUE(store);
  Evaluation expert = full_evaluation();
  expert.origin = Origin::Expert;
  expert.strategy.clear();
  ASSERT_TRUE(store->add(expert, {}));
  ASSERT_TRUE(store->add(full_evaluation(), {}));
  const auto list = store->evaluations();
  ASSERT_TRUE(list);
  EXPECT_EQ(list->front().origin, Origin::Expert);
  EXPECT_EQ(list->front().origin_name(), "expert");
  EXPECT_EQ(list->back().origin, Origin::Strategy);
  EXPECT_EQ(list->back().origin_name(), "descent");
}

TEST_F(StudyStoreTest, RefusesAFileThatIsNotAStudy) {
  std::ofstream(path_) << "this is a letter to a friend, long enough to have a header of its own, "
                          "which is a hundred bytes of anything at all, really anything";
  const auto store = StudyStore::open(path_);
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, testing::HasSubstr("is not a Placewright study"));
}

TEST_F(StudyStoreTest, SaysThatThereIsNothingToResume) {
  const auto store = StudyStore::open(path_);
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, testing::HasSubstr("does not exist"));
}

TEST_F(StudyStoreTest, AFolderThatCannotBeWrittenIsOneClearMessage) {
  const auto store = StudyStore::create(folder_ + "/missing/study.db", {});
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, testing::HasSubstr("cannot write the study"));
}

// A limit on the size of files stands in for a full disk: both end a write half-way.
TEST_F(StudyStoreTest, AFullDiskIsOneClearMessageAndKeepsWhatWasWritten) {
  {
    auto store = StudyStore::create(path_, {});
    ASSERT_TRUE(store);
    ASSERT_TRUE(store->add(full_evaluation(), {}));
  }
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    auto store = StudyStore::open(path_);
    const rlimit limit{128 << 10, 128 << 10};
    setrlimit(RLIMIT_FSIZE, &limit);
    Evaluation large = full_evaluation();
    large.mapping.assign(1 << 20, '#');
    const auto id = store->add(large, {});
    const bool clear =
        !id && id.error().message.find("the disk is full or fails") != std::string::npos;
    _exit(clear ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  const auto store = StudyStore::open(path_);
  ASSERT_TRUE(store);
  EXPECT_EQ(store->evaluations()->size(), 1u);
}

}  // namespace
}  // namespace placewright::tune
