// SPDX-License-Identifier: Apache-2.0
#include "tune/study_store.h"

#include <SQLiteCpp/Backup.h>
#include <fmt/format.h>

#include <filesystem>

#include "explain/render.h"
#include "tune/study_database.h"

namespace placewright::tune {
namespace {

constexpr int kBusyTimeoutMs = 5000;
// "PLWR": tells a study from other SQLite files.
constexpr int kApplicationId = 0x504c5752;

constexpr const char* kSchema = R"(
  CREATE TABLE fact (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE evaluation (
    id INTEGER PRIMARY KEY,
    origin TEXT NOT NULL,
    move TEXT NOT NULL,
    parent INTEGER REFERENCES evaluation(id),
    mapping TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    decisions TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    memory TEXT NOT NULL,
    checksum TEXT NOT NULL,
    seconds REAL,
    accepted INTEGER NOT NULL,
    elapsed_s REAL NOT NULL
  ) STRICT;
  CREATE TABLE sample (
    evaluation INTEGER NOT NULL REFERENCES evaluation(id),
    race INTEGER NOT NULL,
    position INTEGER NOT NULL,
    seconds REAL NOT NULL
  ) STRICT;
  CREATE TABLE final_sample (
    row TEXT NOT NULL,
    round INTEGER NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (row, round)
  ) STRICT;
  CREATE TABLE finding (
    evaluation INTEGER NOT NULL REFERENCES evaluation(id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    weight REAL NOT NULL,
    what TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (evaluation, position)
  ) STRICT;
  CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    evaluation INTEGER,
    key TEXT NOT NULL,
    prompt TEXT NOT NULL,
    model TEXT NOT NULL,
    outcome TEXT NOT NULL,
    message TEXT NOT NULL,
    finish TEXT NOT NULL,
    truncated INTEGER NOT NULL,
    grammar TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cached_tokens INTEGER,
    reasoning_tokens INTEGER,
    dollars REAL,
    latency_s REAL NOT NULL,
    request_id TEXT NOT NULL,
    request TEXT NOT NULL,
    reply TEXT NOT NULL
  ) STRICT;
  CREATE INDEX call_by_key ON call (key, outcome, id);
)";

void set_up(SQLite::Database& database) {
  database.setBusyTimeout(kBusyTimeoutMs);
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = FULL");
  database.exec("PRAGMA foreign_keys = ON");
}

void insert_samples(SQLite::Database& database, int64_t evaluation, int64_t race,
                    const std::vector<double>& samples) {
  SQLite::Statement insert(database, "INSERT INTO sample VALUES (?, ?, ?, ?)");
  for (size_t i = 0; i < samples.size(); ++i) {
    insert.bind(1, static_cast<int64_t>(evaluation));
    insert.bind(2, static_cast<int64_t>(race));
    insert.bind(3, static_cast<int>(i));
    insert.bind(4, samples[i]);
    insert.exec();
    insert.reset();
  }
}

int64_t insert_evaluation(SQLite::Database& database, const Evaluation& evaluation) {
  SQLite::Statement insert(database,
                           "INSERT INTO evaluation VALUES (NULL,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  insert.bind(1, std::string(evaluation.origin_name()));
  insert.bind(2, evaluation.move);
  if (evaluation.parent) insert.bind(3, *evaluation.parent);
  insert.bind(4, evaluation.mapping);
  insert.bind(5, evaluation.fingerprint);
  insert.bind(6, evaluation.decisions);
  insert.bind(7, std::string(to_string(evaluation.status)));
  insert.bind(8, evaluation.message);
  insert.bind(9, evaluation.memory ? std::string(machine::to_string(*evaluation.memory)) : "");
  insert.bind(10, evaluation.checksum);
  if (evaluation.median) insert.bind(11, *evaluation.median);
  insert.bind(12, evaluation.accepted ? 1 : 0);
  insert.bind(13, evaluation.elapsed_s);
  insert.exec();
  return database.getLastInsertRowid();
}

Evaluation read_evaluation(SQLite::Statement& query) {
  Evaluation evaluation;
  evaluation.id = query.getColumn(0).getInt64();
  const std::string origin = query.getColumn(1).getString();
  evaluation.origin = parse_origin(origin);
  if (!is_baseline(evaluation.origin)) evaluation.strategy = origin;
  evaluation.move = query.getColumn(2).getString();
  if (!query.getColumn(3).isNull()) evaluation.parent = query.getColumn(3).getInt64();
  evaluation.mapping = query.getColumn(4).getString();
  evaluation.fingerprint = query.getColumn(5).getString();
  evaluation.decisions = query.getColumn(6).getString();
  evaluation.status = parse_status(query.getColumn(7).getString()).value_or(Status::Failed);
  evaluation.message = query.getColumn(8).getString();
  evaluation.memory = machine::parse_memory_kind(query.getColumn(9).getString());
  evaluation.checksum = query.getColumn(10).getString();
  if (!query.getColumn(11).isNull()) evaluation.median = query.getColumn(11).getDouble();
  evaluation.accepted = query.getColumn(12).getInt() != 0;
  evaluation.elapsed_s = query.getColumn(13).getDouble();
  return evaluation;
}

}  // namespace

tl::unexpected<Error> cannot_write(const std::string& path, const SQLite::Exception& error) {
  const int code = error.getErrorCode();
  if (code == SQLITE_FULL || code == SQLITE_IOERR)
    return fail(fmt::format("cannot write the study `{}`: the disk is full or fails ({})", path,
                            error.getErrorStr()),
                "free some space and continue with --resume; evaluations so far are kept");
  if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
    return fail(fmt::format("cannot write the study `{}`: another search uses it", path));
  return fail(fmt::format("cannot write the study `{}`: {}", path, error.what()),
              "choose another file with --study FILE.db");
}

StudyStore::StudyStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
StudyStore::~StudyStore() = default;
StudyStore::StudyStore(StudyStore&&) noexcept = default;
StudyStore& StudyStore::operator=(StudyStore&&) noexcept = default;

const std::string& StudyStore::path() const { return state_->path; }

Result<StudyStore> StudyStore::create(const std::string& path, const StudyFacts& facts) {
  if (std::filesystem::exists(path))
    return fail(
        fmt::format("study `{}` already exists", path),
        "continue it with --resume, choose another file with --study FILE.db, or remove it");
  try {
    auto state = std::make_unique<State>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    set_up(state->database);
    SQLite::Transaction transaction(state->database);
    state->database.exec(kSchema);
    state->database.exec(fmt::format("PRAGMA user_version = {}", kStudyVersion));
    state->database.exec(fmt::format("PRAGMA application_id = {}", kApplicationId));
    SQLite::Statement insert(state->database, "INSERT INTO fact VALUES (?, ?)");
    for (const auto& [key, value] : facts) {
      insert.bind(1, key);
      insert.bind(2, value);
      insert.exec();
      insert.reset();
    }
    transaction.commit();
    return StudyStore(std::move(state));
  } catch (const SQLite::Exception& error) {
    return cannot_write(path, error);
  }
}

Result<StudyStore> StudyStore::open(const std::string& path) {
  if (!std::filesystem::exists(path))
    return fail(fmt::format("study `{}` does not exist", path),
                "start a new study without --resume");
  try {
    auto state = std::make_unique<State>(path, SQLite::OPEN_READWRITE);
    const int id = state->database.execAndGet("PRAGMA application_id").getInt();
    const int version = state->database.execAndGet("PRAGMA user_version").getInt();
    if (id != kApplicationId) return fail(fmt::format("`{}` is not a Placewright study", path));
    if (version != kStudyVersion)
      return fail(fmt::format("the study `{}` has version {}, this program reads version {}", path,
                              version, kStudyVersion),
                  "finish it with the version that started it, or start a new study");
    set_up(state->database);
    return StudyStore(std::move(state));
  } catch (const SQLite::Exception& error) {
    if (error.getErrorCode() == SQLITE_NOTADB)
      return fail(fmt::format("`{}` is not a Placewright study", path));
    return fail(fmt::format("cannot read the study `{}`: {}", path, error.what()));
  }
}

Result<void> StudyStore::copy(const std::string& from, const std::string& to) {
  const auto source = open(from);
  if (!source) return tl::unexpected(source.error());
  try {
    SQLite::Database target(to, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    SQLite::Backup backup(target, source->state_->database);
    backup.executeStep();
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_write(to, error);
  }
}

Result<StudyFacts> StudyStore::facts() const {
  const std::lock_guard lock(state_->mutex);
  try {
    StudyFacts facts;
    SQLite::Statement query(state_->database, "SELECT key, value FROM fact");
    while (query.executeStep())
      facts[query.getColumn(0).getString()] = query.getColumn(1).getString();
    return facts;
  } catch (const SQLite::Exception& error) {
    return fail(fmt::format("cannot read the study `{}`: {}", state_->path, error.what()));
  }
}

Result<void> StudyStore::set_fact(const std::string& key, const std::string& value) {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Statement insert(state_->database, "INSERT OR REPLACE INTO fact VALUES (?, ?)");
    insert.bind(1, key);
    insert.bind(2, value);
    insert.exec();
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_write(state_->path, error);
  }
}

Result<std::vector<Evaluation>> StudyStore::evaluations() const {
  const std::lock_guard lock(state_->mutex);
  try {
    std::vector<Evaluation> list;
    SQLite::Statement query(state_->database, "SELECT * FROM evaluation ORDER BY id");
    SQLite::Statement samples(
        state_->database,
        "SELECT seconds FROM sample WHERE evaluation = ? ORDER BY race, position");
    while (query.executeStep()) {
      list.push_back(read_evaluation(query));
      samples.bind(1, list.back().id);
      while (samples.executeStep()) list.back().samples.push_back(samples.getColumn(0).getDouble());
      samples.reset();
    }
    return list;
  } catch (const SQLite::Exception& error) {
    return fail(fmt::format("cannot read the study `{}`: {}", state_->path, error.what()));
  }
}

Result<int64_t> StudyStore::add(const Evaluation& evaluation, const ExtraSamples& incumbent) {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Transaction transaction(state_->database);
    const int64_t id = insert_evaluation(state_->database, evaluation);
    insert_samples(state_->database, id, id, evaluation.samples);
    if (!incumbent.samples.empty())
      insert_samples(state_->database, incumbent.evaluation_id, id, incumbent.samples);
    transaction.commit();
    return id;
  } catch (const SQLite::Exception& error) {
    return cannot_write(state_->path, error);
  }
}

Result<void> StudyStore::set_final(const std::string& row, const std::vector<double>& samples) {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Transaction transaction(state_->database);
    SQLite::Statement remove(state_->database, "DELETE FROM final_sample WHERE row = ?");
    remove.bind(1, row);
    remove.exec();
    SQLite::Statement insert(state_->database, "INSERT INTO final_sample VALUES (?, ?, ?)");
    for (size_t i = 0; i < samples.size(); ++i) {
      insert.bind(1, row);
      insert.bind(2, static_cast<int>(i));
      insert.bind(3, samples[i]);
      insert.exec();
      insert.reset();
    }
    transaction.commit();
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_write(state_->path, error);
  }
}

Result<void> StudyStore::set_findings(int64_t evaluation_id,
                                      const std::vector<explain::Finding>& findings) {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Transaction transaction(state_->database);
    SQLite::Statement remove(state_->database, "DELETE FROM finding WHERE evaluation = ?");
    remove.bind(1, evaluation_id);
    remove.exec();
    SQLite::Statement insert(state_->database, "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?)");
    const auto add = [&](int position, const std::string& kind, double weight,
                         const std::string& what, const std::string& json) {
      insert.bind(1, evaluation_id);
      insert.bind(2, position);
      insert.bind(3, kind);
      insert.bind(4, weight);
      insert.bind(5, what);
      insert.bind(6, json);
      insert.exec();
      insert.reset();
    };
    for (size_t i = 0; i < findings.size(); ++i)
      add(static_cast<int>(i), std::string(explain::to_string(findings[i].kind)),
          findings[i].weight, findings[i].what,
          explain::to_json(std::span(findings).subspan(i, 1)));
    if (findings.empty()) add(0, "none", 0, "", explain::to_json({}));
    transaction.commit();
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_write(state_->path, error);
  }
}

Result<std::map<int64_t, std::vector<explain::Finding>>> StudyStore::findings() const {
  const std::lock_guard lock(state_->mutex);
  try {
    std::map<int64_t, std::vector<explain::Finding>> all;
    SQLite::Statement query(state_->database,
                            "SELECT evaluation, json FROM finding ORDER BY evaluation, position");
    while (query.executeStep()) {
      auto read = explain::findings_from_json(query.getColumn(1).getString());
      if (!read) return tl::unexpected(read.error());
      std::vector<explain::Finding>& list = all[query.getColumn(0).getInt64()];
      list.insert(list.end(), read->begin(), read->end());
    }
    return all;
  } catch (const SQLite::Exception& error) {
    return fail(fmt::format("cannot read the study `{}`: {}", state_->path, error.what()));
  }
}

}  // namespace placewright::tune
