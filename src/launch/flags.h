// SPDX-License-Identifier: Apache-2.0
// The machine that a run gets, as described by the runtime's own `-ll:` flags.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "machine/shape.h"
#include "support/result.h"

namespace placewright::launch {

/// Processors and memories of one process.
struct RealmFlags {
  machine::NodeShape node;
  int utility = 1;
  int background = 0;
  /// Threads that are busy during the run.
  [[nodiscard]] int busy_threads() const;
};

/// Reads Realm's flags with their defaults; later ones win. Flags that do not describe the machine
/// are ignored. Errors: a malformed number.
[[nodiscard]] Result<RealmFlags> parse_realm_flags(std::span<const std::string> words);

/// A text split at blanks, as the runtime splits REALM_DEFAULT_ARGS.
[[nodiscard]] std::vector<std::string> split_words(const std::string& text);

}  // namespace placewright::launch
