// SPDX-License-Identifier: Apache-2.0
// The study on disk: one SQLite file with everything a search learned, written right after each
// evaluation. A process killed at any moment loses only the evaluation in flight. The file may come
// from anybody: what it holds is checked when it is read.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "explain/finding.h"
#include "support/result.h"
#include "tune/call_record.h"
#include "tune/evaluation.h"

namespace placewright::tune {

inline constexpr int kStudyVersion = 4;

/// Further samples of an earlier evaluation, taken in turn with a challenger's.
struct ExtraSamples {
  int64_t evaluation_id = 0;
  std::vector<double> samples;
};

/// Facts about the whole study: command, machine, metric, seed, workload, ... Two studies with
/// equal facts under the keys of `identity()` search for the same thing.
using StudyFacts = std::map<std::string, std::string>;

/// Its methods may be called on several threads at once.
class StudyStore {
 public:
  ~StudyStore();
  StudyStore(StudyStore&&) noexcept;
  StudyStore& operator=(StudyStore&&) noexcept;

  /// A new study, which this process searches. If nothing is evaluated, the file is deleted with
  /// the object. Errors: the file exists, or cannot be written.
  [[nodiscard]] static Result<StudyStore> create(const std::string& path, const StudyFacts& facts);
  /// For reading. Errors: no such file, not a study, a study of another version.
  [[nodiscard]] static Result<StudyStore> open(const std::string& path);
  /// To be searched further by this process. Errors: as open(), or another process searches it.
  [[nodiscard]] static Result<StudyStore> resume(const std::string& path);

  /// Copies a study in its current state, even while it is in use. Errors: as open(), and a target
  /// that cannot be written.
  [[nodiscard]] static Result<void> copy(const std::string& from, const std::string& to);

  [[nodiscard]] Result<StudyFacts> facts() const;
  [[nodiscard]] Result<void> set_fact(const std::string& key, const std::string& value);
  /// In the order of their ids; `samples` holds the search samples, extra ones included. Errors: an
  /// evaluation that no search can have written, such as one that is ok but has no time.
  [[nodiscard]] Result<std::vector<Evaluation>> evaluations() const;
  /// Hands the same to `take`, one after the other, for studies that memory should not hold as a
  /// whole. `take` must not use this object.
  [[nodiscard]] Result<void> each_evaluation(const std::function<void(Evaluation)>& take) const;
  /// Writes an evaluation and the incumbent's samples from the same race atomically and returns its
  /// id. Errors: a full disk, a file that disappeared; then none of it is written.
  [[nodiscard]] Result<int64_t> add(const Evaluation& evaluation, const ExtraSamples& incumbent);
  /// The mapping computes something else. It keeps its samples.
  [[nodiscard]] Result<void> set_wrong(int64_t evaluation_id, const std::string& message);
  /// Replaces earlier findings; an empty list records that there was nothing to find.
  [[nodiscard]] Result<void> set_findings(int64_t evaluation_id,
                                          const std::vector<explain::Finding>& findings);
  [[nodiscard]] Result<std::map<int64_t, std::vector<explain::Finding>>> findings() const;
  /// Records a call together with the id of the latest evaluation.
  [[nodiscard]] Result<void> add_call(const CallRecord& call);
  /// The answered call with this key; `occurrence` counts from 0. nullopt if there are fewer.
  [[nodiscard]] Result<std::optional<CallRecord>> answered_call(const std::string& key,
                                                                int occurrence) const;
  [[nodiscard]] Result<CallTotals> call_totals() const;
  /// The samples of the closing comparison, one list per row of the table.
  [[nodiscard]] Result<void> set_final(const std::string& row, const std::vector<double>& samples);
  /// By row; empty if the search has not ended. Errors: a time that is not possible.
  [[nodiscard]] Result<std::map<std::string, std::vector<double>>> finals() const;

  [[nodiscard]] const std::string& path() const;
  /// The process that searches the study; nullopt if none does.
  [[nodiscard]] std::optional<pid_t> searcher() const;

  struct State;

 private:
  explicit StudyStore(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace placewright::tune
