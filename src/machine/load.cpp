// SPDX-License-Identifier: Apache-2.0
#include "machine/load.h"

#include "machine/description.h"
#include "support/source.h"
#include "support/standard_input.h"

namespace placewright::machine {

Result<MachineShape> load_machine(const std::string& spec) {
  if (spec != kStandardInput && !spec.ends_with(".toml")) return MachineShape::parse(spec);
  const auto description = read_machine_file(spec);
  if (!description) return tl::unexpected(description.error());
  return machine_shape(*description);
}

}  // namespace placewright::machine
