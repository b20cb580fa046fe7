// SPDX-License-Identifier: Apache-2.0
// Shared code of the optimizers that ask for whole mappings.
#pragma once

#include <string>
#include <vector>

#include "agent/optimizers/optimizer.h"

namespace placewright::agent {

class MappingOptimizer : public Optimizer {
 public:
  /// At most `candidates` mappings per call.
  MappingOptimizer(AgentParts parts, int candidates);

 protected:
  Result<std::vector<Draft>> read(const llm::Reply& reply, const Draft* base) override;
  std::string repair_what(size_t failing) const override;
  void begin_with(const tune::Start& start, const Draft& incumbent) override;
  /// Takes the lessons that an answer states; does nothing by default.
  virtual void take_lessons(const std::vector<std::string>&) {}

  [[nodiscard]] int candidates() const { return candidates_; }
  /// A request with the system prompt for mappings and one user prompt.
  [[nodiscard]] Result<llm::Request> mapping_request(std::string_view prompt,
                                                     const PromptValues& values) const;

 private:
  int candidates_;
  llm::OutputForm form_;
};

}  // namespace placewright::agent
