// SPDX-License-Identifier: Apache-2.0
#include "llm/scripted_model.h"

#include <fmt/core.h>

namespace placewright::llm {

ScriptedModel::ScriptedModel(std::vector<Completion> script)
    : answer_([script = std::move(script)](const Request&, int call) -> Completion {
        if (static_cast<size_t>(call) < script.size()) return script[static_cast<size_t>(call)];
        return fail(
            Failure::Unreachable,
            fmt::format("the script has {} answers and was asked for another one", script.size()));
      }) {}

Completion ScriptedModel::complete(const Request& request) {
  const std::lock_guard lock(mutex_);
  const int call = static_cast<int>(requests_.size());
  requests_.push_back(request);
  return answer_(request, call);
}

std::vector<Request> ScriptedModel::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

Completion ScriptedModel::says(std::string text) {
  Reply reply;
  reply.usage.output = estimate_tokens(text);
  reply.text = std::move(text);
  reply.finish = "stop";
  reply.model = "scripted";
  return reply;
}

Completion ScriptedModel::fails(Failure failure) {
  return fail(failure, fmt::format("scripted failure `{}`", to_string(failure)));
}

}  // namespace placewright::llm
