// SPDX-License-Identifier: Apache-2.0
// The StudyStore's record of language model calls.
#include <fmt/format.h>

#include <algorithm>

#include "tune/study_database.h"

namespace placewright::tune {
namespace {

constexpr const char* kAnswered = "ok";

template <class T>
void bind_known(SQLite::Statement& insert, const char* name, const std::optional<T>& value) {
  if (value) insert.bind(name, *value);
}

}  // namespace

Result<void> StudyStore::add_call(const CallRecord& call) {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Statement insert(
        state_->database,
        "INSERT INTO call (evaluation, key, prompt, model, outcome, message, finish, truncated, "
        "output_constraint, attempts, input_tokens, output_tokens, cached_tokens, "
        "reasoning_tokens, dollars, latency_s, request_id, request, reply) "
        "VALUES ((SELECT MAX(id) FROM evaluation), :key, :prompt, :model, :outcome, :message, "
        ":finish, :truncated, :output_constraint, :attempts, :input_tokens, :output_tokens, "
        ":cached_tokens, :reasoning_tokens, :dollars, :latency_s, :request_id, :request, :reply)");
    insert.bind(":key", call.key);
    insert.bind(":prompt", call.prompt);
    insert.bind(":model", call.model);
    insert.bind(":outcome", call.failure.value_or(kAnswered));
    insert.bind(":message", call.message);
    insert.bind(":finish", call.finish);
    insert.bind(":truncated", call.truncated ? 1 : 0);
    insert.bind(":output_constraint", call.constraint);
    insert.bind(":attempts", call.attempts);
    bind_known(insert, ":input_tokens", call.input_tokens);
    bind_known(insert, ":output_tokens", call.output_tokens);
    bind_known(insert, ":cached_tokens", call.cached_tokens);
    bind_known(insert, ":reasoning_tokens", call.reasoning_tokens);
    bind_known(insert, ":dollars", call.dollars);
    insert.bind(":latency_s", call.latency_s);
    insert.bind(":request_id", call.request_id);
    insert.bind(":request", call.request);
    insert.bind(":reply", call.reply);
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
    SQLite::Statement query(
        state_->database,
        "SELECT prompt, model, finish, truncated, output_constraint, attempts, input_tokens, "
        "output_tokens, cached_tokens, reasoning_tokens, dollars, latency_s, request_id, reply "
        "FROM call WHERE key = :key AND outcome = :answered ORDER BY id LIMIT 1 OFFSET :earlier");
    query.bind(":key", key);
    query.bind(":answered", kAnswered);
    query.bind(":earlier", occurrence);
    if (!query.executeStep()) return std::nullopt;
    const auto text = [&](const char* column) { return query.getColumn(column).getString(); };
    const auto tokens = [&](const char* column) {
      return query.isColumnNull(column) ? std::nullopt
                                        : std::optional(query.getColumn(column).getInt64());
    };
    CallRecord call;
    call.key = key;
    call.prompt = text("prompt");
    call.model = text("model");
    call.finish = text("finish");
    call.truncated = query.getColumn("truncated").getInt() != 0;
    call.constraint = text("output_constraint");
    call.attempts = query.getColumn("attempts").getInt();
    call.input_tokens = tokens("input_tokens");
    call.output_tokens = tokens("output_tokens");
    call.cached_tokens = tokens("cached_tokens");
    call.reasoning_tokens = tokens("reasoning_tokens");
    if (!query.isColumnNull("dollars")) call.dollars = query.getColumn("dollars").getDouble();
    call.latency_s = query.getColumn("latency_s").getDouble();
    call.request_id = text("request_id");
    call.reply = text("reply");
    return call;
  } catch (const SQLite::Exception& error) {
    return cannot_read(state_->path, error);
  }
}

Result<CallTotals> StudyStore::call_totals() const {
  const std::lock_guard lock(state_->mutex);
  try {
    SQLite::Statement query(
        state_->database,
        "SELECT COUNT(*) AS calls, TOTAL(outcome <> :answered) AS failed, "
        "TOTAL(input_tokens) AS input_tokens, TOTAL(output_tokens) AS output_tokens, "
        "TOTAL(dollars) AS dollars, "
        "TOTAL(outcome = :answered AND dollars IS NULL) AS without_price, "
        "TOTAL(outcome = :answered AND output_tokens IS NULL) AS without_tokens, "
        "TOTAL(latency_s) AS latency_s FROM call");
    query.bind(":answered", kAnswered);
    query.executeStep();
    const auto number = [&](const char* column) { return query.getColumn(column).getDouble(); };
    const auto whole = [&](const char* column) {
      constexpr double kMost = 1e18;
      return static_cast<int64_t>(std::clamp(number(column), -kMost, kMost));
    };
    CallTotals totals;
    totals.calls = whole("calls");
    totals.failed = whole("failed");
    totals.input_tokens = whole("input_tokens");
    totals.output_tokens = whole("output_tokens");
    totals.dollars = number("dollars");
    totals.without_price = whole("without_price");
    totals.without_tokens = whole("without_tokens");
    totals.latency_s = number("latency_s");
    return totals;
  } catch (const SQLite::Exception& error) {
    return cannot_read(state_->path, error);
  }
}

}  // namespace placewright::tune
