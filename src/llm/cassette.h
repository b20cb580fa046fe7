// SPDX-License-Identifier: Apache-2.0
// Recordings of exchanges with a model: one JSON object per line behind a header, appended as they
// happen. A study that was recorded can be run again without network, with the same answers.
//
// A request is recognised by a hash of all that is sent (messages, form, parameters, model) and by
// how often the same has been asked before. Failures are recorded like answers.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "llm/language_model.h"
#include "llm/secret.h"

namespace placewright::llm {

inline constexpr int kCassetteVersion = 1;

/// 32 hexadecimal digits that stand for everything that is sent.
[[nodiscard]] std::string request_key(const std::string& model, const Request& request);

/// Passes requests on and writes down what comes back. Each exchange is in the file before the
/// caller has the answer; a killed process loses at most the one in flight. Not recorded are
/// Cancelled and BudgetSpent, which say nothing about the model. Thread-safe.
class CassetteRecorder : public LanguageModel {
 public:
  ~CassetteRecorder() override;
  /// Creates the file or continues one: a last line that a killed process left half is cut off.
  /// Errors: it cannot be written, is no cassette or of another version, is damaged, is being
  /// recorded by another process. The redactor is applied to all that is written.
  [[nodiscard]] static Result<std::unique_ptr<CassetteRecorder>> open(
      const std::string& path, std::unique_ptr<LanguageModel> model, Redactor redactor);

  /// An answer that cannot be written is still given, and the first such error kept.
  [[nodiscard]] Completion complete(const Request& request) override;
  [[nodiscard]] std::string name() const override { return model_->name(); }
  /// Errors: an exchange could not be written.
  [[nodiscard]] Result<void> status() const;

 private:
  CassetteRecorder(std::unique_ptr<LanguageModel> model, Redactor redactor, int file)
      : model_(std::move(model)), redactor_(std::move(redactor)), file_(file) {}
  void write(const Request& request, const Completion& completion);

  std::unique_ptr<LanguageModel> model_;
  Redactor redactor_;
  int file_;
  mutable std::mutex mutex_;
  std::map<std::string, int> occurrences_;
  Result<void> status_;
};

/// Answers from a cassette alone. Thread-safe.
class CassettePlayer : public LanguageModel {
 public:
  /// `name` is the model whose answers are wanted; empty: that of the first exchange. Errors: no
  /// such file, no cassette, another version, a damaged line (with its number); a half last line is
  /// passed over.
  [[nodiscard]] static Result<std::unique_ptr<CassettePlayer>> open(const std::string& path,
                                                                    std::string name);

  /// What was recorded, bit for bit. Errors: the recorded ones; CassetteMiss, which names the
  /// recorded request that is most like this one and where they part.
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
