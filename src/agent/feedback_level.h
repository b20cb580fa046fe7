// SPDX-License-Identifier: Apache-2.0
// How much a model is told about an evaluation.
#pragma once

namespace placewright::agent {

/// The published ablation, from least to most.
enum class FeedbackLevel { None, Execution, Explain, Suggest };

}  // namespace placewright::agent
