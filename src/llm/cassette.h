// SPDX-License-Identifier: Apache-2.0
// Recordings of exchanges with a model: a header, then one JSON object per line, appended as they
// happen. A recorded study can be run again without network, with the same answers.
//
// A request is recognised by a hash of everything sent (messages, form, parameters, model) and by
// how often the same request was made before. Failures are recorded like answers.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "llm/language_model.h"
#include "llm/secret.h"
#include "support/line_file.h"

namespace placewright::llm {

inline constexpr int kCassetteVersion = 1;

/// 32 hexadecimal digits that identify everything that is sent.
[[nodiscard]] std::string request_key(const std::string& model, const Request& request);

/// Forwards requests and records the answers. Each exchange is in the file before the caller gets
/// the answer; a killed process loses at most the one in flight. Cancelled and BudgetSpent are not
/// recorded, because they say nothing about the model. Thread-safe.
class CassetteRecorder : public LanguageModel {
 public:
  /// Creates the file or continues one: a partial last line from a killed process is cut off.
  /// Errors: it cannot be written, is not a cassette or of another version, is damaged, is being
  /// recorded by another process. The redactor is applied to everything written.
  [[nodiscard]] static Result<std::unique_ptr<CassetteRecorder>> open(
      const std::string& path, std::unique_ptr<LanguageModel> model, Redactor redactor);

  /// A cassette that cannot be written is a failure of kind ServerError: continuing would lose
  /// answers that were paid for.
  [[nodiscard]] Completion complete(const Request& request) override;
  [[nodiscard]] std::string name() const override { return model_->name(); }

 private:
  CassetteRecorder(std::unique_ptr<LanguageModel> model, Redactor redactor, LineFile file)
      : model_(std::move(model)), redactor_(std::move(redactor)), file_(std::move(file)) {}
  [[nodiscard]] Result<void> write(const Request& request, const Completion& completion);

  std::unique_ptr<LanguageModel> model_;
  Redactor redactor_;
  LineFile file_;
  std::mutex mutex_;
  std::map<std::string, int> occurrences_;
};

/// Answers from a cassette alone. Thread-safe.
class CassettePlayer : public LanguageModel {
 public:
  /// `name` is the model whose answers are wanted; empty: that of the first exchange. Errors: no
  /// such file, not a cassette, another version, a damaged line (with its number). A partial last
  /// line is ignored.
  [[nodiscard]] static Result<std::unique_ptr<CassettePlayer>> open(const std::string& path,
                                                                    std::string name);

  /// The recorded answer, bit for bit. Errors: the recorded ones; CassetteMiss, which names the
  /// most similar recorded request and where the two differ.
  [[nodiscard]] Completion complete(const Request& request) override;
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] size_t size() const { return size_; }

 private:
  CassettePlayer() = default;
  [[nodiscard]] std::string describe_nearest(const Request& request) const;

  std::string path_;
  std::string name_;
  size_t size_ = 0;
  std::map<std::string, std::vector<Completion>> answers_;
  std::mutex mutex_;
  std::map<std::string, size_t> asked_;
};

}  // namespace placewright::llm
