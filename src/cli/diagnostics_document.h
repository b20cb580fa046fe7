// SPDX-License-Identifier: Apache-2.0
// The text of docs/diagnostics.md, embedded at build time.
#pragma once

#include <string_view>

namespace placewright::cli {

extern const std::string_view kDiagnosticsDocument;

}  // namespace placewright::cli
