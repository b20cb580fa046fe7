// SPDX-License-Identifier: Apache-2.0
// The Host of one of several mappings that a run tries: its own rules over the instances and tasks of
// the program. What would end a run that has one mapping is thrown instead.
#pragma once

#include <exception>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "legion/session.h"

namespace placewright::legion {

/// A mapping cannot decide for a launch.
class CandidateRefused : public std::exception {
 public:
  explicit CandidateRefused(decide::Refusal refusal) : refusal_(std::move(refusal)) {}
  [[nodiscard]] const char* what() const noexcept override { return refusal_.message.c_str(); }
  [[nodiscard]] const decide::Refusal& refusal() const { return refusal_; }

 private:
  decide::Refusal refusal_;
};

class GenerationHost final : public Host {
 public:
  /// The session must outlive it.
  GenerationHost(Session& session, std::shared_ptr<const policy::Rules> rules)
      : Host(SameProgram{}, session), session_(&session), rules_(std::move(rules)) {}

  [[nodiscard]] const char* name() const override { return session_->name(); }
  [[nodiscard]] const policy::Rules* rules() const override { return rules_.get(); }
  [[nodiscard]] decide::Setting setting() const override {
    return {*rules_, machine().machine(), /*as_published=*/false};
  }
  [[nodiscard]] bool has_foreign_tags(Legion::MapperID id) const override {
    return session_->has_foreign_tags(id);
  }
  /// Notes of hundreds of candidates would hide everything else.
  void say(const std::string&) const override {}
  [[nodiscard]] bool first_time(const std::string& subject) override {
    const std::lock_guard lock(mutex_);
    return said_.insert(subject).second;
  }
  void met_task(const std::string& name) override { session_->met_task(name); }
  void met_region(const std::string& name) override { session_->met_region(name); }
  [[nodiscard]] std::unique_ptr<Recording> make_recording(
      Legion::Mapping::MapperRuntime* runtime) override {
    return session_->make_recording(runtime);
  }
  void register_sharding(Legion::Runtime* runtime, const Sharding::TakeIds& take_ids) {
    Host::register_sharding(runtime, rules_, take_ids);
  }

 private:
  void report(const decide::Refusal& refusal) const override { throw CandidateRefused(refusal); }

  Session* session_;
  std::shared_ptr<const policy::Rules> rules_;
  std::mutex mutex_;
  std::set<std::string> said_;
};

}  // namespace placewright::legion
