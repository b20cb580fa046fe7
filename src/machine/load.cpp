// SPDX-License-Identifier: Apache-2.0
#include "machine/load.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

#include "machine/presets.h"
#include "support/standard_input.h"
#include "support/text.h"
#include "support/try.h"

namespace placewright::machine {
namespace {

constexpr int kMostNodes = 65'536;

/// `lassen:16` as `lassen` and `16`.
std::pair<std::string, std::optional<std::string>> split(const std::string& spec) {
  const size_t colon = spec.find(':');
  if (colon == std::string::npos) return {spec, std::nullopt};
  return {spec.substr(0, colon), spec.substr(colon + 1)};
}

Error unknown(const std::string& name) {
  std::vector<std::string_view> names;
  for (const Preset& preset : presets()) names.push_back(preset.name);
  const std::string_view nearest = nearest_word(name, names);
  return {fmt::format("no machine file and no built-in machine is named `{}`", name),
          nearest.empty() ? "`placewright machine list` prints the built-in machines"
                          : fmt::format("did you mean `{}`?", nearest)};
}

Result<void> set_nodes(MachineDescription& machine, const std::string& text) {
  int nodes = 0;
  const auto [rest, status] = std::from_chars(text.data(), text.data() + text.size(), nodes);
  if (status != std::errc() || rest != text.data() + text.size() || nodes < 1 || nodes > kMostNodes)
    return fail(fmt::format("`{}:{}`: the number of nodes should be from 1 to {}", machine.name,
                            text, kMostNodes));
  if (nodes > 1 && !machine.has_network())
    return fail(fmt::format("`{}:{}`: the machine file describes no network between nodes",
                            machine.name, text));
  const auto count = static_cast<double>(nodes);
  machine.quantities["shape.nodes"] = {count, count, count, "as the command says"};
  machine.file += ":" + text;
  return {};
}

}  // namespace

const Preset* find_preset(std::string_view name) {
  const auto found = std::ranges::find(presets(), name, &Preset::name);
  return found == presets().end() ? nullptr : &*found;
}

bool names_machine(const std::string& spec) {
  return spec != kStandardInput && !spec.empty() && !spec.ends_with(".toml") &&
         spec.find_first_of("/=") == std::string::npos && !std::filesystem::exists(spec);
}

bool gives_nodes(const std::string& spec) {
  return names_machine(spec) && split(spec).second.has_value();
}

Result<MachineDescription> read_machine(const std::string& spec) {
  if (!names_machine(spec)) return read_machine_file(spec);
  const auto [name, nodes] = split(spec);
  const Preset* preset = find_preset(name);
  if (preset == nullptr) return tl::unexpected(unknown(name));
  PLACEWRIGHT_TRY(MachineDescription machine, parse_machine(preset->text, name));
  if (nodes) PLACEWRIGHT_TRY_VOID(set_nodes(machine, *nodes));
  return machine;
}

Result<MachineShape> load_machine(const std::string& spec) {
  const bool is_shape = spec.find('=') != std::string::npos && !spec.ends_with(".toml");
  if (is_shape) return MachineShape::parse(spec);
  PLACEWRIGHT_TRY(const MachineDescription machine, read_machine(spec));
  return machine_shape(machine);
}

}  // namespace placewright::machine
