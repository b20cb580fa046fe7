// SPDX-License-Identifier: Apache-2.0
// libFuzzer: machine files, shapes and launch domains end with a value or a message.
#include "input.h"
#include "machine/description.h"
#include "machine/domain.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace placewright;
  const std::string text = text_of(data, size);
  const auto machine = machine::parse_machine(text, "fuzz.toml");
  require(machine || !machine.error().message.empty());
  if (machine) (void)machine_shape(*machine);
  if (const auto shape = machine::MachineShape::parse(text))
    require(!!machine::MachineShape::parse(shape->to_string()));
  if (const auto domain = machine::parse_launch_domain(text))
    require(machine::parse_launch_domain(domain->to_string()).value() == *domain);
  return 0;
}
