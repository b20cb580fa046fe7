// SPDX-License-Identifier: Apache-2.0
// libFuzzer: the settings of a study are read, or every mistake has a message.
#include "input.h"
#include "tune/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace placewright;
  const SourceFile file("fuzz.study.toml", text_of(data, size));
  Diagnostics diagnostics(file);
  const auto settings = tune::read_study_file(file, "/nowhere", diagnostics);
  require(settings.has_value() != diagnostics.has_errors());
  (void)(diagnostics.to_text() + diagnostics.to_json());
  if (settings) (void)tune::identity(*settings);
  return 0;
}
