// SPDX-License-Identifier: Apache-2.0
// What the readers of both versions of a workload file share.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/json.h"
#include "support/try.h"
#include "workload/workload.h"

namespace placewright::workload {

/// A value of the file with its path, for messages.
class WorkloadNode {
 public:
  WorkloadNode(const nlohmann::ordered_json& json, std::string path)
      : json_(&json), path_(std::move(path)) {}

  [[nodiscard]] Result<WorkloadNode> at(const char* name) const {
    if (!json_->is_object()) return wrong("an object");
    const auto member = json_->find(name);
    if (member == json_->end()) return fail(fmt::format("`{}` is missing", join(name)));
    return WorkloadNode(*member, join(name));
  }
  [[nodiscard]] bool has(const char* name) const { return json_->contains(name); }
  [[nodiscard]] bool is_null() const { return json_->is_null(); }
  [[nodiscard]] Result<std::vector<WorkloadNode>> elements() const {
    if (!json_->is_array()) return wrong("a list");
    std::vector<WorkloadNode> nodes;
    for (size_t i = 0; i < json_->size(); ++i)
      nodes.emplace_back((*json_)[i], fmt::format("{}[{}]", path_, i));
    return nodes;
  }
  [[nodiscard]] Result<std::vector<std::pair<std::string, WorkloadNode>>> members() const {
    if (!json_->is_object()) return wrong("an object");
    std::vector<std::pair<std::string, WorkloadNode>> nodes;
    for (const auto& [name, value] : json_->items())
      nodes.emplace_back(name, WorkloadNode(value, join(name)));
    return nodes;
  }
  [[nodiscard]] Result<std::string> text() const {
    if (!json_->is_string()) return wrong("a string");
    return json_->get<std::string>();
  }
  [[nodiscard]] Result<bool> boolean() const {
    if (!json_->is_boolean()) return wrong("true or false");
    return json_->get<bool>();
  }
  template <class Number>
  [[nodiscard]] Result<Number> number(Number lowest, Number highest) const {
    if (!json_->is_number_integer()) return wrong("a whole number");
    const auto value = json_detail::fitting<Number>(*json_);
    if (!value || *value < lowest || *value > highest)
      return wrong(fmt::format("a number from {} to {}", lowest, highest));
    return *value;
  }
  /// A number that is finite and not negative.
  [[nodiscard]] Result<double> amount() const {
    const double value = json_->is_number() ? json_->get<double>() : -1;
    if (!std::isfinite(value) || value < 0) return wrong("a number that is not negative");
    return value;
  }
  /// Its text.
  [[nodiscard]] std::string dump() const { return dump_json(*json_); }
  [[nodiscard]] Result<uint64_t> size() const {
    if (!json_->is_number_unsigned()) return wrong("a whole number that is not negative");
    return json_->get<uint64_t>();
  }
  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view expected) const {
    return fail(fmt::format("`{}` is `{}`, expected {}", path_, shown(), expected));
  }

 private:
  [[nodiscard]] std::string join(std::string_view name) const {
    return path_.empty() ? std::string(name) : fmt::format("{}.{}", path_, name);
  }
  [[nodiscard]] std::string shown() const {
    if (json_->is_object()) return "{...}";
    if (json_->is_array()) return "[...]";
    return json_->dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  }

  const nlohmann::ordered_json* json_;
  std::string path_;
};

/// What `read` makes of each element of a list.
template <class Value>
Result<std::vector<Value>> read_all(const Result<WorkloadNode>& list,
                                    Result<Value> (*read)(const WorkloadNode&)) {
  PLACEWRIGHT_TRY(const std::vector<WorkloadNode> elements, list.and_then(&WorkloadNode::elements));
  std::vector<Value> values;
  for (const WorkloadNode& element : elements) {
    PLACEWRIGHT_TRY(Value value, read(element));
    values.push_back(std::move(value));
  }
  return values;
}

[[nodiscard]] inline Result<std::string> read_text(const WorkloadNode& node) { return node.text(); }

/// The members that both versions have. Errors: those of workload_from_json().
[[nodiscard]] Result<Workload> read_workload(const WorkloadNode& root);
[[nodiscard]] nlohmann::ordered_json workload_json(const Workload& workload);

}  // namespace placewright::workload
