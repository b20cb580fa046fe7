// SPDX-License-Identifier: Apache-2.0
// libFuzzer: whatever the bytes, lexer and parser end with a tree and messages.
#include <cstddef>
#include <cstdint>
#include <string>

#include "lang/syntax/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace placewright;
  const SourceFile file("fuzz", std::string(reinterpret_cast<const char*>(data), size));
  Diagnostics diagnostics(file);
  const lang::Program program = lang::parse(file, diagnostics);
  const bool says_something = !diagnostics.to_text().empty() && !diagnostics.to_json().empty();
  if (program.statements.empty() && !says_something) __builtin_trap();
  return 0;
}
