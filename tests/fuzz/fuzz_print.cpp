// SPDX-License-Identifier: Apache-2.0
// libFuzzer: a program without errors prints as a text that has the same tree and prints the same.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>

#include "lang/syntax/dump.h"
#include "lang/syntax/parser.h"
#include "lang/syntax/printer.h"
#include "support/fixes.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace placewright;
  const SourceFile file("fuzz", std::string(reinterpret_cast<const char*>(data), size));
  Diagnostics diagnostics(file);
  const lang::Program program = lang::parse(file, diagnostics);
  (void)apply_fixes(diagnostics);
  if (diagnostics.has_errors()) return 0;
  const SourceFile printed("printed", lang::format_program(file, program));
  Diagnostics again(printed);
  const lang::Program reparsed = lang::parse(printed, again);
  const bool same = !again.has_errors() && lang::dump(reparsed) == lang::dump(program) &&
                    lang::format_program(printed, reparsed) == printed.text();
  if (!same) {
    std::fprintf(stderr, "printed as:\n%s\n", std::string(printed.text()).c_str());
    __builtin_trap();
  }
  return 0;
}
