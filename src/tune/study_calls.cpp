// SPDX-License-Identifier: Apache-2.0
// The StudyStore's record of language model calls.
#include <fmt/format.h>

#include "tune/study_database.h"

namespace placewright::tune {

Result<void> StudyStore::add_call(const CallRecord& call) {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Statement insert(
        state_->database,
        "INSERT INTO call VALUES (NULL, (SELECT MAX(id) FROM evaluation), ?1, ?2, ?3, ?4, ?5, ?6, "
        "?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)");
    insert.bind(1, call.key);
    insert.bind(2, call.prompt);
    insert.bind(3, call.model);
    insert.bind(4, call.outcome);
    insert.bind(5, call.message);
    insert.bind(6, call.finish);
    insert.bind(7, call.truncated ? 1 : 0);
    insert.bind(8, call.constraint);
    insert.bind(9, call.attempts);
    if (call.input_tokens) insert.bind(10, *call.input_tokens);
    if (call.output_tokens) insert.bind(11, *call.output_tokens);
    if (call.cached_tokens) insert.bind(12, *call.cached_tokens);
    if (call.reasoning_tokens) insert.bind(13, *call.reasoning_tokens);
    if (call.dollars) insert.bind(14, *call.dollars);
    insert.bind(15, call.latency_s);
    insert.bind(16, call.request_id);
    insert.bind(17, call.request);
    insert.bind(18, call.reply);
    insert.exec();
    return {};
  } catch (const SQLite::Exception& error) {
    return cannot_write(state_->path, error);
  }
}

Result<std::optional<CallRecord>> StudyStore::answered_call(const std::string& key,
                                                            int occurrence) const {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Statement query(state_->database,
                            "SELECT prompt, model, finish, truncated, grammar, attempts, "
                            "input_tokens, output_tokens, cached_tokens, reasoning_tokens, "
                            "dollars, latency_s, request_id, reply FROM call "
                            "WHERE key = ? AND outcome = 'ok' ORDER BY id LIMIT 1 OFFSET ?");
    query.bind(1, key);
    query.bind(2, occurrence);
    if (!query.executeStep()) return std::nullopt;
    const auto tokens = [&](int column) {
      return query.isColumnNull(column) ? std::nullopt
                                        : std::optional(query.getColumn(column).getInt64());
    };
    CallRecord call;
    call.key = key;
    call.outcome = "ok";
    call.prompt = query.getColumn(0).getString();
    call.model = query.getColumn(1).getString();
    call.finish = query.getColumn(2).getString();
    call.truncated = query.getColumn(3).getInt() != 0;
    call.constraint = query.getColumn(4).getString();
    call.attempts = query.getColumn(5).getInt();
    call.input_tokens = tokens(6);
    call.output_tokens = tokens(7);
    call.cached_tokens = tokens(8);
    call.reasoning_tokens = tokens(9);
    if (!query.isColumnNull(10)) call.dollars = query.getColumn(10).getDouble();
    call.latency_s = query.getColumn(11).getDouble();
    call.request_id = query.getColumn(12).getString();
    call.reply = query.getColumn(13).getString();
    return call;
  } catch (const SQLite::Exception& error) {
    return fail(fmt::format("cannot read the study `{}`: {}", state_->path, error.what()));
  }
}

Result<CallTotals> StudyStore::call_totals() const {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Statement query(
        state_->database,
        "SELECT COUNT(*), TOTAL(outcome <> 'ok'), TOTAL(input_tokens), TOTAL(output_tokens), "
        "TOTAL(dollars), TOTAL(outcome = 'ok' AND dollars IS NULL), "
        "TOTAL(outcome = 'ok' AND output_tokens IS NULL), TOTAL(latency_s) FROM call");
    query.executeStep();
    const auto whole = [&](int column) {
      return static_cast<int64_t>(query.getColumn(column).getDouble());
    };
    return CallTotals{whole(0),
                      whole(1),
                      whole(2),
                      whole(3),
                      query.getColumn(4).getDouble(),
                      whole(5),
                      whole(6),
                      query.getColumn(7).getDouble()};
  } catch (const SQLite::Exception& error) {
    return fail(fmt::format("cannot read the study `{}`: {}", state_->path, error.what()));
  }
}

}  // namespace placewright::tune
