// SPDX-License-Identifier: Apache-2.0
#include "codegen/codegen.h"

#include <fmt/core.h>

#include <array>
#include <cctype>
#include <filesystem>

#include "codegen/rule_rows.h"
#include "codegen/support_text.h"

namespace placewright::codegen {
namespace {

/// The headers that the support code includes.
// clang-format off
constexpr std::array<std::string_view, 39> kHeaders = {
    "legion.h", "mappers/default_mapper.h", "algorithm", "array", "atomic", "cassert", "charconv",
    "chrono", "climits", "cmath", "compare", "cstdint", "cstdio", "cstdlib", "deque", "functional",
    "iostream", "iterator", "limits", "map", "memory", "mutex", "numeric", "optional", "set", "shared_mutex", "span",
    "sstream", "string", "string_view", "thread", "tuple", "type_traits", "utility", "variant",
    "vector", "cstddef", "cstring", "ostream"};
// clang-format on

std::string includes() {
  std::string text;
  for (const std::string_view header : kHeaders) text += fmt::format("#include <{}>\n", header);
  return text;
}

std::string heading(std::string_view text) {
  return fmt::format("\n// {:-^96}\n\n", fmt::format(" {} ", text));
}

std::string opening(const std::string& file, const std::string& name) {
  return fmt::format(
      "// The mapping `{0}` as a Legion mapper, written by `placewright codegen`. It needs Legion\n"
      "// and C++20. Look for \"the mapping\" for what belongs to {0}; everything else is the\n"
      "// same in every such file. You may use, change and distribute this file under any terms.\n"
      "{1}\nnamespace {2} {{\n",
      file, includes(), name);
}

/// How the mapper enters a program. Legion wants a named function with external linkage.
std::string registration(const std::string& file, const std::string& name) {
  return fmt::format(R"(
void register_mapper(Legion::Machine machine, Legion::Runtime* runtime,
                     const std::set<Legion::Processor>& local) {{
  namespace legion = placewright::legion;
  const int process = static_cast<int>(local.begin()->address_space());
  const auto host = std::make_shared<legion::PlainHost>("{0}", machine, process,
                                                        runtime->get_mapper_runtime());
  // Sharding functors call mapping functions even after the last mapper has gone.
  static const placewright::machine::MachineShape shape = host->machine().shape();
  machine_shape() = &shape;
  const auto started = answer<bool>([] {{
    start();
    return true;
  }});
  if (!started) host->refuse({{started.error().message}});
  const auto rules = std::make_shared<const placewright::policy::CompiledRules>(
      {1}, mapping_rules(), mapping_conditions(), mapping_functions());
  host->set_rules(rules);
  host->register_sharding(runtime, rules, "{0}");
  for (const Legion::Processor processor : local) {{
    runtime->replace_default_mapper(
        new legion::PlacewrightMapper(runtime->get_mapper_runtime(), machine, processor, host),
        processor);
  }}
}}

/// Call it before Legion::Runtime::start.
void install_mapper() {{ Legion::Runtime::add_registration_callback(register_mapper); }}

#ifdef INSTALL_WHEN_LOADED
// As a shared library in LD_PRELOAD it maps programs that know nothing of it.
__attribute__((constructor)) void install_when_loaded() {{ install_mapper(); }}
#endif

}}  // namespace {0}
)",
                     name, cpp_text(file));
}

}  // namespace

std::string mapper_name(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string();
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0)
    name.insert(0, "m");
  return codegen::cpp_name(name);
}

std::optional<std::string> generate_mapper(const policy::Mapping& mapping, const std::string& name,
                                           Diagnostics& diagnostics) {
  Translator translator(mapping, diagnostics);
  const std::string file = std::filesystem::path(mapping.file.name()).filename().string();
  std::string text = opening(file, name);
  text += heading("kinds and processor spaces");
  text += kMachineText;
  text += heading("which rule decides");
  text += kRulesText;
  text += heading("values");
  text += kValuesText;
  text += heading("the mapping: functions");
  text += translator.definitions();
  text += heading("the mapping: rules");
  text += rule_rows(mapping, translator);
  text += heading("decisions");
  text += kDecideText;
  text += heading("the mapper");
  text += kLegionText;
  text += registration(file, name);
  if (diagnostics.has_errors()) return std::nullopt;
  return text;
}

}  // namespace placewright::codegen
