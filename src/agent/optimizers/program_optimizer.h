// SPDX-License-Identifier: Apache-2.0
// Shared code of OptoPrime and OPRO: both rewrite the bodies of one program and always change the
// newest one next, regardless of its result.
#pragma once

#include <string>
#include <vector>

#include "agent/optimizers/optimizer.h"

namespace placewright::agent {

class ProgramOptimizer : public Optimizer {
 public:
  using Optimizer::Optimizer;

 protected:
  bool begins_without_feedback() const override { return false; }
  void begin_with(const tune::Start& start, const Draft& incumbent) override;
  Result<std::vector<Draft>> read(const llm::Reply& reply, const Draft* base) override;
  std::string repair_what(size_t failing) const override;

  Program current_;
};

/// `{"variables": {...}, "feedback": "..."}`.
[[nodiscard]] std::string as_example(const Program& program, const std::string& feedback);

}  // namespace placewright::agent
