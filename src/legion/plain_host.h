// SPDX-License-Identifier: Apache-2.0
// A host for a program that has nothing but Legion: what a generated mapper uses. Messages go to
// stderr; the decisions for every task are logged, one line each, to the file that the environment
// variable MAPPING_LOG names (followed by `_` and the process number).
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "legion/host.h"

namespace placewright::legion {

/// One per process. Thread-safe.
class DecisionLog {
 public:
  explicit DecisionLog(int process);
  ~DecisionLog();
  DecisionLog(const DecisionLog&) = delete;
  DecisionLog& operator=(const DecisionLog&) = delete;
  [[nodiscard]] bool is_open() const { return file_ != nullptr; }
  void line(const std::string& text);

 private:
  std::mutex mutex_;
  FILE* file_ = nullptr;
};

class PlainHost final : public Host {
 public:
  /// `name`: the mapper's, for messages.
  PlainHost(std::string name, Legion::Machine machine, int process,
            Legion::Mapping::MapperRuntime* runtime)
      : Host(machine, runtime), name_(std::move(name)), log_(process) {}
  /// Call it once, before any mapper is made.
  void set_rules(std::shared_ptr<const policy::Rules> rules) { rules_ = std::move(rules); }

  [[nodiscard]] const char* name() const override { return name_.c_str(); }
  [[nodiscard]] const policy::Rules* rules() const override { return rules_.get(); }
  [[nodiscard]] decide::Setting setting() const override {
    return {*rules_, machine().machine(), /*as_published=*/false};
  }
  [[nodiscard]] bool has_foreign_tags(Legion::MapperID) const override { return false; }
  void say(const std::string& text) const override;
  [[nodiscard]] bool first_time(const std::string& subject) override;
  void met_task(const std::string&) override {}
  void met_region(const std::string&) override {}
  [[nodiscard]] std::unique_ptr<Recording> make_recording(
      Legion::Mapping::MapperRuntime* runtime) override;

 private:
  void report(const decide::Refusal& refusal) const override;

  std::string name_;
  std::shared_ptr<const policy::Rules> rules_;
  DecisionLog log_;
  std::mutex said_mutex_;
  std::set<std::string> said_;
};

}  // namespace placewright::legion
