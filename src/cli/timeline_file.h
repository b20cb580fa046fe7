// SPDX-License-Identifier: Apache-2.0
// A simulated run in the JSON format that trace viewers read (Perfetto, chrome://tracing).
// Source: "Trace Event Format", complete and metadata events.
#pragma once

#include <string>
#include <vector>

#include "sim/observed_run.h"

namespace placewright::cli {

/// A process for each node, a thread for each place where spans were; several where they overlapped.
/// Times in microseconds of the modelled machine.
[[nodiscard]] std::string timeline_json(const std::vector<sim::Span>& spans);

}  // namespace placewright::cli
