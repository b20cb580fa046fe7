// SPDX-License-Identifier: Apache-2.0
// What the runtime's own `-ll:` flags say about the machine that a run gets.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "machine/shape.h"
#include "support/result.h"

namespace placewright {

/// Processors and memories of one process.
struct RealmFlags {
  NodeShape node;
  int utility = 1;
  int background = 0;
  /// Threads that are busy while the run works.
  [[nodiscard]] int busy_threads() const;
};

/// Reads Realm's flags with their defaults; later ones win. Flags that do not describe the machine
/// are passed over. Errors: a number that is none.
[[nodiscard]] Result<RealmFlags> parse_realm_flags(std::span<const std::string> words);

/// A text split at blanks, as the runtime splits REALM_DEFAULT_ARGS.
[[nodiscard]] std::vector<std::string> split_words(const std::string& text);

}  // namespace placewright
