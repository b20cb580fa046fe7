// SPDX-License-Identifier: Apache-2.0
// The StudyStore's record of evaluations, their samples and their findings.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "explain/render.h"
#include "support/try.h"
#include "tune/study_database.h"

namespace placewright::tune {
namespace {

void insert_samples(SQLite::Database& database, int64_t evaluation, int64_t race,
                    const std::vector<double>& samples) {
  SQLite::Statement insert(database,
                           "INSERT INTO sample (evaluation, race, position, value) "
                           "VALUES (:evaluation, :race, :position, :value)");
  for (size_t i = 0; i < samples.size(); ++i) {
    insert.bind(":evaluation", evaluation);
    insert.bind(":race", race);
    insert.bind(":position", static_cast<int>(i));
    insert.bind(":value", samples[i]);
    insert.exec();
    insert.reset();
  }
}

std::string memory_word(const Evaluation& evaluation) {
  return evaluation.memory ? std::string(machine::to_string(*evaluation.memory)) : "";
}

int64_t insert_evaluation(SQLite::Database& database, const Evaluation& evaluation) {
  SQLite::Statement insert(
      database,
      "INSERT INTO evaluation (origin, move, parent, mapping, fingerprint, decisions, status, "
      "message, memory, checksum, value, accepted, elapsed_s) "
      "VALUES (:origin, :move, :parent, :mapping, :fingerprint, :decisions, :status, "
      ":message, :memory, :checksum, :value, :accepted, :elapsed_s)");
  insert.bind(":origin", std::string(evaluation.origin_name()));
  insert.bind(":move", evaluation.move);
  if (evaluation.parent) insert.bind(":parent", *evaluation.parent);
  insert.bind(":mapping", evaluation.mapping);
  insert.bind(":fingerprint", evaluation.fingerprint);
  insert.bind(":decisions", evaluation.decisions);
  insert.bind(":status", std::string(to_string(evaluation.status)));
  insert.bind(":message", evaluation.message);
  insert.bind(":memory", memory_word(evaluation));
  insert.bind(":checksum", evaluation.checksum);
  if (evaluation.median) insert.bind(":value", *evaluation.median);
  insert.bind(":accepted", evaluation.accepted ? 1 : 0);
  insert.bind(":elapsed_s", evaluation.elapsed_s);
  insert.exec();
  return database.getLastInsertRowid();
}

constexpr const char* kSelectEvaluations =
    "SELECT id, origin, move, parent, mapping, fingerprint, decisions, status, message, memory, "
    "checksum, value, accepted, elapsed_s FROM evaluation ORDER BY id";

/// One row of kSelectEvaluations. Errors: a status or memory that no version of this format has.
Result<Evaluation> read_evaluation(SQLite::Statement& row) {
  const auto text = [&](const char* column) { return row.getColumn(column).getString(); };
  Evaluation evaluation;
  evaluation.id = row.getColumn("id").getInt64();
  const std::string origin = text("origin");
  evaluation.origin = parse_origin(origin);
  if (!is_baseline(evaluation.origin)) evaluation.strategy = origin;
  evaluation.move = text("move");
  if (!row.isColumnNull("parent")) evaluation.parent = row.getColumn("parent").getInt64();
  evaluation.mapping = text("mapping");
  evaluation.fingerprint = text("fingerprint");
  evaluation.decisions = text("decisions");
  const std::optional<Status> status = parse_status(text("status"));
  if (!status)
    return fail(fmt::format("the study has a status that is not known: `{}`", text("status")));
  evaluation.status = *status;
  evaluation.message = text("message");
  evaluation.memory = machine::parse_memory_kind(text("memory"));
  if (memory_word(evaluation) != text("memory"))
    return fail(fmt::format("the study has a memory that is not known: `{}`", text("memory")));
  evaluation.checksum = text("checksum");
  if (!row.isColumnNull("value")) evaluation.median = row.getColumn("value").getDouble();
  evaluation.accepted = row.getColumn("accepted").getInt() != 0;
  evaluation.elapsed_s = row.getColumn("elapsed_s").getDouble();
  return evaluation;
}

bool is_time(double seconds) { return std::isfinite(seconds) && seconds > 0; }

/// Later code takes medians and ratios without asking.
Result<void> check_times(const Evaluation& evaluation) {
  const bool is_ok = evaluation.status == Status::Ok;
  const bool has_times = evaluation.median.has_value() && !evaluation.samples.empty();
  const bool good =
      std::ranges::all_of(evaluation.samples, is_time) && is_time(evaluation.median.value_or(1)) &&
      (has_times || (!is_ok && !evaluation.median)) && (is_ok || !evaluation.accepted) &&
      std::isfinite(evaluation.elapsed_s) && evaluation.elapsed_s >= 0;
  if (good) return {};
  return fail(fmt::format("the study is damaged: the times of evaluation {} are not possible",
                          evaluation.id));
}

struct FindingRow {
  std::string kind;
  double weight = 0;
  std::string what;
  std::string json;
};

/// The rows of an evaluation that was explained; "none" records that there was nothing to find.
std::vector<FindingRow> rows_of(const std::vector<explain::Finding>& findings) {
  if (findings.empty()) return {{"none", 0, "", explain::to_json({})}};
  std::vector<FindingRow> rows;
  for (const explain::Finding& finding : findings)
    rows.push_back({std::string(explain::to_string(finding.kind)), finding.weight, finding.what,
                    explain::to_json(std::span(&finding, 1))});
  return rows;
}

void delete_where(SQLite::Database& database, const char* statement, const auto& value) {
  SQLite::Statement remove(database, statement);
  remove.bind(":value", value);
  remove.exec();
}

}  // namespace

Result<std::vector<Evaluation>> StudyStore::evaluations() const {
  std::vector<Evaluation> list;
  PLACEWRIGHT_TRY_VOID(
      each_evaluation([&](Evaluation evaluation) { list.push_back(std::move(evaluation)); }));
  return list;
}

Result<void> StudyStore::each_evaluation(const std::function<void(Evaluation)>& take) const {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Statement query(state_->database, kSelectEvaluations);
    SQLite::Statement samples(
        state_->database,
        "SELECT race, value FROM sample WHERE evaluation = :evaluation ORDER BY race, position");
    while (query.executeStep()) {
      PLACEWRIGHT_TRY(Evaluation evaluation, read_evaluation(query));
      samples.bind(":evaluation", evaluation.id);
      while (samples.executeStep()) {
        evaluation.samples.push_back(samples.getColumn("value").getDouble());
        // Later races give the incumbent of that time further samples.
        if (samples.getColumn("race").getInt64() == evaluation.id) ++evaluation.judged;
      }
      samples.reset();
      PLACEWRIGHT_TRY_VOID(check_times(evaluation));
      take(std::move(evaluation));
    }
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_read(state_->path, error);
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
    state_->is_empty_new = false;
    return id;
  } catch (const SQLite::Exception& error) {
    return cannot_write(state_->path, error);
  }
}

Result<void> StudyStore::set_final(const std::string& row, const std::vector<double>& samples) {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Transaction transaction(state_->database);
    delete_where(state_->database, "DELETE FROM final_sample WHERE row = :value", row);
    SQLite::Statement insert(
        state_->database,
        "INSERT INTO final_sample (row, round, value) VALUES (:row, :round, :value)");
    for (size_t i = 0; i < samples.size(); ++i) {
      insert.bind(":row", row);
      insert.bind(":round", static_cast<int>(i));
      insert.bind(":value", samples[i]);
      insert.exec();
      insert.reset();
    }
    transaction.commit();
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_write(state_->path, error);
  }
}

Result<std::map<std::string, std::vector<double>>> StudyStore::finals() const {
  const std::lock_guard lock(state_->mutex);
  try {
    std::map<std::string, std::vector<double>> rows;
    SQLite::Statement query(state_->database,
                            "SELECT row, value FROM final_sample ORDER BY row, round");
    while (query.executeStep()) {
      const double value = query.getColumn("value").getDouble();
      if (!is_time(value))
        return fail("the study is damaged: a time of its closing comparison is not possible");
      rows[query.getColumn("row").getString()].push_back(value);
    }
    return rows;
  } catch (const SQLite::Exception& error) {
    return cannot_read(state_->path, error);
  }
}

Result<void> StudyStore::set_wrong(int64_t evaluation_id, const std::string& message) {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Statement update(state_->database,
                             "UPDATE evaluation SET status = :status, message = :message, "
                             "accepted = 0 WHERE id = :id");
    update.bind(":status", std::string(to_string(Status::WrongResult)));
    update.bind(":message", message);
    update.bind(":id", evaluation_id);
    update.exec();
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
    delete_where(state_->database, "DELETE FROM finding WHERE evaluation = :value", evaluation_id);
    SQLite::Statement insert(state_->database,
                             "INSERT INTO finding (evaluation, position, kind, weight, what, json) "
                             "VALUES (:evaluation, :position, :kind, :weight, :what, :json)");
    int position = 0;
    for (const FindingRow& row : rows_of(findings)) {
      insert.bind(":evaluation", evaluation_id);
      insert.bind(":position", position++);
      insert.bind(":kind", row.kind);
      insert.bind(":weight", row.weight);
      insert.bind(":what", row.what);
      insert.bind(":json", row.json);
      insert.exec();
      insert.reset();
    }
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
      PLACEWRIGHT_TRY(const std::vector<explain::Finding> read,
                      explain::findings_from_json(query.getColumn("json").getString()));
      std::vector<explain::Finding>& list = all[query.getColumn("evaluation").getInt64()];
      list.insert(list.end(), read.begin(), read.end());
    }
    return all;
  } catch (const SQLite::Exception& error) {
    return cannot_read(state_->path, error);
  }
}

}  // namespace placewright::tune
