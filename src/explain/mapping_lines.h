// SPDX-License-Identifier: Apache-2.0
// Lines of a mapping's text as findings name them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "explain/finding.h"
#include "support/source.h"

namespace placewright::explain {

/// A line of the file, counted from 1.
[[nodiscard]] MappingLine line_of(const SourceFile& file, int line);

/// What a position of the form `file:line:column` names; nothing for another form or a line that
/// the text does not have.
[[nodiscard]] std::vector<MappingLine> lines_at(const std::string& position,
                                                const std::string& mapping);

/// Those that begin with a word: `Layout`.
[[nodiscard]] std::vector<MappingLine> lines_beginning(std::string_view word,
                                                       const std::string& mapping);

}  // namespace placewright::explain
