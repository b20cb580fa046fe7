// SPDX-License-Identifier: Apache-2.0
// libFuzzer: what runs leave behind: records and lists of decisions, findings.
#include "decide/record_json.h"
#include "explain/render.h"
#include "infer/observed.h"
#include "input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace placewright;
  const std::string text = text_of(data, size);
  const auto record = decide::read_record(text);
  require(record || !record.error().message.empty());
  if (record) {
    const std::string written = std::visit([](const auto& each) { return to_json(each); }, *record);
    require(!!decide::read_record(written));
  }
  const auto tasks = infer::read_decisions(text);
  require(tasks || !tasks.error().message.empty());
  if (const auto findings = explain::findings_from_json(text))
    require(!!explain::findings_from_json(explain::to_json(*findings)));
  return 0;
}
