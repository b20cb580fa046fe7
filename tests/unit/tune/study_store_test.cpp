// SPDX-License-Identifier: Apache-2.0
#include "tune/study_store.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
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

  /// A study with one evaluation that nobody searches.
  void make_study() const;
  void change(const std::string& statements) const {
    SQLite::Database(path_, SQLite::OPEN_READWRITE).exec(statements);
  }

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
  evaluation.elapsed_s = 12.5;
  return evaluation;
}

Evaluation ok_evaluation() {
  Evaluation evaluation = full_evaluation();
  evaluation.status = Status::Ok;
  return evaluation;
}

void StudyStoreTest::make_study() const {
  auto store = StudyStore::create(path_, {});
  ASSERT_TRUE(store) << store.error().message;
  ASSERT_TRUE(store->add(full_evaluation(), {}));
}

TEST_F(StudyStoreTest, GivesBackWhatWasWritten) {
  auto store = StudyStore::create(path_, {{"seed", "1"}});
  ASSERT_TRUE(store);
  const auto first = store->add(full_evaluation(), {});
  ASSERT_TRUE(first);
  Evaluation child = full_evaluation();
  child.parent = *first;
  child.memory.reset();
  child.status = Status::Ok;
  child.accepted = true;
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
  EXPECT_FALSE(read.accepted);
  EXPECT_TRUE(list->back().accepted);
  EXPECT_THAT(read.samples, testing::ElementsAre(1.5, 1.25, 1.75)) << "with the later race's";
  EXPECT_EQ(list->back().parent, *first);
  EXPECT_FALSE(list->back().memory);
}

TEST_F(StudyStoreTest, DoesNotTouchAStudyThatIsThere) {
  make_study();
  const auto second = StudyStore::create(path_, {});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, testing::HasSubstr("already exists"));
  EXPECT_THAT(second.error().help, testing::HasSubstr("--resume"));
}

TEST_F(StudyStoreTest, RefusesAStudyOfAnotherVersion) {
  make_study();
  change("PRAGMA user_version = 7");
  const auto store = StudyStore::open(path_);
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message,
              testing::HasSubstr("has version 7, this program reads version 4"));
}

TEST_F(StudyStoreTest, RefusesAnEvaluationWithAWordThatItDoesNotKnow) {
  for (const std::string column : {"status", "memory"}) {
    fs::remove(path_);
    make_study();
    change("UPDATE evaluation SET " + column + " = 'unheard-of'");
    const auto list = StudyStore::open(path_)->evaluations();
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

TEST_F(StudyStoreTest, OfAFailedStartIsGone) {
  { ASSERT_TRUE(StudyStore::create(path_, {})->set_fact("workload", "{}")); }
  EXPECT_TRUE(fs::is_empty(folder_)) << "a file of the study is left";
  EXPECT_TRUE(StudyStore::create(path_, {}));
}

TEST_F(StudyStoreTest, OfAStartThatWasKilledIsReplaced) {
  const pid_t child = fork();
  if (child == 0) {
    const auto store = StudyStore::create(path_, {{"seed", "1"}});
    _exit(store ? 0 : 1);  // without destroying it
  }
  waitpid(child, nullptr, 0);
  ASSERT_TRUE(fs::exists(path_));
  const auto store = StudyStore::create(path_, {{"seed", "2"}});
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(store->facts()->at("seed"), "2");
}

TEST_F(StudyStoreTest, IsSearchedByOneProcessAtATime) {
  make_study();
  const auto is_refused = [&](const Result<StudyStore>& store) {
    const std::string own = "process " + std::to_string(getppid()) + " is searching the study";
    return !store && store.error().message.starts_with(own);
  };
  {
    auto searched = StudyStore::resume(path_);
    ASSERT_TRUE(searched) << searched.error().message;
    EXPECT_EQ(searched->searcher(), getpid());
    EXPECT_TRUE(StudyStore::open(path_)) << "for reading";
    const pid_t child = fork();
    if (child == 0) {
      const bool refused =
          is_refused(StudyStore::resume(path_)) && is_refused(StudyStore::create(path_, {}));
      _exit(refused ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    EXPECT_TRUE(searched->add(full_evaluation(), {})) << "the search was disturbed";
  }
  EXPECT_TRUE(StudyStore::resume(path_)) << "the first one has ended";
}

TEST_F(StudyStoreTest, IsContinuedAfterItsProcessWasKilled) {
  const pid_t child = fork();
  if (child == 0) {
    auto store = StudyStore::create(path_, {});
    if (store) store->add(full_evaluation(), {}).value();
    raise(SIGKILL);
  }
  waitpid(child, nullptr, 0);
  const auto store = StudyStore::resume(path_);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(store->evaluations()->size(), 1u);
}

TEST_F(StudyStoreTest, IsNotMadeThroughALink) {
  fs::create_symlink("elsewhere", path_);
  const auto store = StudyStore::create(path_, {});
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, testing::HasSubstr("already exists"));
  EXPECT_FALSE(fs::exists(folder_ + "/elsewhere"));
}

TEST_F(StudyStoreTest, IsARegularFile) {
  ASSERT_EQ(mkfifo(path_.c_str(), 0600), 0);
  for (const std::string& path : {path_, folder_, std::string("/dev/null")}) {
    const auto store = StudyStore::open(path);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().message, "`" + path + "` is not a Placewright study");
  }
}

TEST_F(StudyStoreTest, HasNoTablesThatAnotherMade) {
  const std::pair<std::string, std::string> changes[] = {
      {"CREATE VIEW extra AS SELECT 1", "has views or triggers"},
      {"CREATE TRIGGER extra AFTER INSERT ON fact BEGIN DELETE FROM fact; END",
       "has views or triggers"},
      {"DROP TABLE final_sample", "`final_sample` is not as it was made"},
      {"ALTER TABLE call ADD COLUMN more TEXT", "`call` is not as it was made"},
      {"DROP TABLE fact; CREATE VIEW fact AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + "
       "1 FROM c) SELECT x AS key, 'y' AS value FROM c",
       "`fact` is not as it was made"}};
  for (const auto& [statements, expected] : changes) {
    fs::remove(path_);
    make_study();
    change(statements);
    const auto store = StudyStore::open(path_);
    ASSERT_FALSE(store) << statements;
    EXPECT_THAT(store.error().message, testing::HasSubstr(expected));
  }
}

TEST_F(StudyStoreTest, HasNoTimesThatNoSearchWrites) {
  for (const std::string change_of_times :
       {"UPDATE evaluation SET value = NULL", "UPDATE evaluation SET value = -1",
        "UPDATE evaluation SET value = 9e999", "DELETE FROM sample", "UPDATE sample SET value = 0",
        "UPDATE sample SET value = -9e999", "UPDATE evaluation SET elapsed_s = 9e999",
        "UPDATE evaluation SET elapsed_s = -1",
        "UPDATE evaluation SET status = 'crash', accepted = 1"}) {
    fs::remove(path_);
    {
      auto store = StudyStore::create(path_, {});
      ASSERT_TRUE(store && store->add(ok_evaluation(), {}));
    }
    change(change_of_times);
    const auto list = StudyStore::open(path_)->evaluations();
    ASSERT_FALSE(list) << change_of_times;
    EXPECT_EQ(list.error().message,
              "the study is damaged: the times of evaluation 1 are not possible");
  }
}

TEST_F(StudyStoreTest, DamagedAnywhereIsAnErrorOrReads) {
  make_study();
  const std::string good = [&] {
    std::ifstream file(path_, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  ASSERT_GT(good.size(), 4096u);
  for (size_t at = 0; at < good.size(); at += 509) {
    std::string bad = good;
    for (size_t i = at; i < std::min(at + 16, bad.size()); ++i) bad[i] ^= 0x5a;
    std::ofstream(path_, std::ios::binary) << bad;
    fs::remove(path_ + "-wal");
    fs::remove(path_ + "-shm");
    if (const auto store = StudyStore::open(path_)) {
      static_cast<void>(store->facts());
      static_cast<void>(store->evaluations());
      static_cast<void>(store->findings());
      static_cast<void>(store->call_totals());
    }
  }
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
