// SPDX-License-Identifier: Apache-2.0
#include "agent/optimizers/mapping_optimizer.h"

#include <fmt/format.h>

#include <algorithm>

#include "agent/answers/output_form.h"
#include "support/try.h"

namespace placewright::agent {
namespace {

std::string objective(const tune::Metric& metric) {
  if (metric.is_time()) return "the time that the application takes. Less time is better";
  return fmt::format("a number that the application prints{}. {} is better",
                     metric.unit && !metric.unit->empty() ? ", in " + *metric.unit : "",
                     metric.maximizes() ? "More" : "Less");
}

}  // namespace

MappingOptimizer::MappingOptimizer(AgentParts parts, int candidates)
    : Optimizer(std::move(parts)),
      candidates_(std::max(candidates, 1)),
      form_(mapping_form(writable_vocabulary(space().workload()), candidates_)) {}

void MappingOptimizer::begin_with(const tune::Start&, const Draft&) {
  if (settings().start) enqueue(draft_of(*settings().start, "starting point of the agent"));
}

Result<llm::Request> MappingOptimizer::mapping_request(std::string_view prompt,
                                                       const PromptValues& values) const {
  llm::Request request;
  request.max_output_tokens = settings().max_tokens;
  request.form = form_;
  PLACEWRIGHT_TRY(const auto described, language());
  const std::string count =
      candidates_ == 1 ? "one mapping" : fmt::format("{} different mappings", candidates_);
  PromptValues system = {{"advice", this->prompt("mapping-advice").text},
                         {"count", count},
                         {"objective", objective(metric())}};
  system["rule_order"] = this->prompt("rule-order").text;
  PLACEWRIGHT_TRY(request.form.json_system, fill(this->prompt("mapping-json"), system));
  system.erase("rule_order");
  system["language"] = described;
  PLACEWRIGHT_TRY_VOID(add_message(request, llm::Role::System, "mapping-system", system));
  request.prompt += "; " + this->prompt("mapping-json").id();
  PLACEWRIGHT_TRY_VOID(add_message(request, llm::Role::User, prompt, values));
  return request;
}

Result<std::vector<Draft>> MappingOptimizer::read(const llm::Reply& reply, const Draft* base) {
  PLACEWRIGHT_TRY(auto answer,
                  read_mappings(reply.text, static_cast<size_t>(candidates_), reply.truncated));
  if (base == nullptr) take_lessons(answer.lessons);
  std::vector<Draft> drafts;
  for (MappingDraft& each : answer.drafts)
    drafts.push_back(draft_of(each.mapping, std::move(each.idea)));
  return drafts;
}

std::string MappingOptimizer::repair_what(size_t failing) const {
  return failing == 1 ? "this mapping"
                      : fmt::format("these {} mappings, in the same order", failing);
}

}  // namespace placewright::agent
