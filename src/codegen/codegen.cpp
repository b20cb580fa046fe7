// SPDX-License-Identifier: Apache-2.0
#include "codegen/codegen.h"

#include <fmt/core.h>

#include <array>
#include <cctype>
#include <filesystem>

#include "codegen/rule_tables.h"
#include "codegen/support_text.h"

namespace placewright::codegen {
namespace {

/// The headers that the support code includes.
// clang-format off
constexpr std::array<std::string_view, 29> kHeaders = {
    "legion.h", "mappers/default_mapper.h", "algorithm", "array", "cassert", "climits", "cmath",
    "compare", "cstdint", "cstdlib", "fstream", "functional", "iostream", "iterator", "map",
    "memory", "mutex", "numeric", "optional", "set", "span", "sstream", "string", "string_view",
    "tuple", "type_traits", "utility", "variant", "vector"};
// clang-format on

std::string includes() {
  std::string text;
  for (const std::string_view header : kHeaders) text += fmt::format("#include <{}>\n", header);
  return text;
}

std::string heading(std::string_view text) {
  return fmt::format("\n// {:-^96}\n\n", fmt::format(" {} ", text));
}

std::string opening(const policy::Mapping& mapping, const std::string& name) {
  const std::string file = std::filesystem::path(mapping.file.name()).filename().string();
  return fmt::format(
      "// The mapping `{0}` as a Legion mapper, written by `placewright codegen`. It needs Legion\n"
      "// and C++20. Look for \"the mapping\" for what belongs to {0}; everything else is the\n"
      "// same in every such file. You may use, change and distribute this file under any terms.\n"
      "{1}\nnamespace {2} {{\n",
      file, includes(), name);
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
  codegen::Translator translator(mapping, diagnostics);
  std::string text = opening(mapping, name);
  text += fmt::format("\ninline constexpr const char* kMappingName = \"{}\";\n", name);
  text += heading("processor spaces");
  text += codegen::kSpacesText;
  text += heading("kinds, layouts and limits of Legion");
  text += codegen::kLegionText;
  text += heading("values");
  text += codegen::kValuesText;
  text += heading("which rule decides");
  text += codegen::kRulesText;
  text += heading("the mapping: functions");
  text += translator.definitions();
  text += heading("the mapping: rules");
  text += codegen::rule_tables(mapping, translator);
  text += heading("the mapper");
  text += codegen::kMapperText;
  text += fmt::format(
      "\n"
      "/// Call it before Legion::Runtime::start.\n"
      "void install_mapper() {{ Legion::Runtime::add_registration_callback(register_mapper); }}\n\n"
      "#ifdef INSTALL_WHEN_LOADED\n"
      "// As a shared library in LD_PRELOAD it maps programs that know nothing of it.\n"
      "__attribute__((constructor)) void install_when_loaded() {{ install_mapper(); }}\n"
      "#endif\n\n}}  // namespace {}\n",
      name);
  if (diagnostics.has_errors()) return std::nullopt;
  return text;
}

}  // namespace placewright::codegen
