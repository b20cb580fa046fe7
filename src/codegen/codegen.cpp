#include "codegen/codegen.h"

#include <fmt/core.h>

#include <cctype>
#include <filesystem>

#include "codegen/rule_tables.h"
#include "codegen/support_text.h"

namespace placewright {
namespace {

constexpr std::string_view kStandardHeaders =
    "#include <algorithm>\n#include <array>\n#include <cassert>\n#include <climits>\n"
    "#include <cmath>\n#include <compare>\n#include <cstdint>\n#include <cstdlib>\n#include "
    "<fstream>\n"
    "#include <functional>\n#include <iostream>\n#include <iterator>\n#include <map>\n"
    "#include <memory>\n#include <mutex>\n#include <numeric>\n#include <optional>\n#include <set>\n"
    "#include <span>\n#include <sstream>\n#include <string>\n#include <string_view>\n"
    "#include <tuple>\n#include <type_traits>\n#include <utility>\n#include <variant>\n"
    "#include <vector>\n";

std::string heading(std::string_view text) {
  return fmt::format("\n// {:-^96}\n\n", fmt::format(" {} ", text));
}

std::string opening(const Mapping& mapping, const std::string& name, std::string_view headers) {
  const std::string file = std::filesystem::path(mapping.file.name()).filename().string();
  return fmt::format(
      "// The mapping `{0}` as a Legion mapper, written by `placewright codegen`. It needs Legion\n"
      "// and C++20. Look for \"the mapping\" for what belongs to {0}; everything else is the\n"
      "// same in every such file.\n{1}\nnamespace {2} {{\n",
      file, headers, name);
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

std::optional<std::string> generate_functions(const Mapping& mapping, const std::string& name,
                                              Diagnostics& diagnostics) {
  codegen::Translator translator(mapping, diagnostics);
  std::string text = opening(mapping, name, kStandardHeaders);
  text += heading("processor spaces");
  text += codegen::kSpacesText;
  text += heading("values");
  text += codegen::kValuesText;
  text += "\nusing placewright::MemoryKind;\nusing placewright::ProcessorKind;\n";
  text += heading("the mapping: functions");
  text += translator.definitions();
  text += fmt::format("\n}}  // namespace {}\n", name);
  if (diagnostics.has_errors()) return std::nullopt;
  return text;
}

std::optional<std::string> generate_mapper(const Mapping& mapping, const std::string& name,
                                           Diagnostics& diagnostics) {
  codegen::Translator translator(mapping, diagnostics);
  std::string text =
      opening(mapping, name,
              fmt::format("#include <legion.h>\n#include <mappers/default_mapper.h>\n\n{}",
                          kStandardHeaders));
  text += fmt::format("\ninline constexpr const char* kMappingName = \"{}\";\n", name);
  text += heading("processor spaces");
  text += codegen::kSpacesText;
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

}  // namespace placewright
