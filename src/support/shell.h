// SPDX-License-Identifier: Apache-2.0
// Words of commands that a person may copy into a shell.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace placewright {

/// The word as a POSIX shell reads it back: unchanged if every character is harmless, else in single
/// quotes. Words with control characters are written as `$'...'`, which bash and zsh read.
[[nodiscard]] std::string shell_word(std::string_view word);

/// The words with blanks between them.
[[nodiscard]] std::string shell_line(std::span<const std::string> words);

}  // namespace placewright
