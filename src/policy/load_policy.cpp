// SPDX-License-Identifier: Apache-2.0
// Reads, parses and checks a mapping file and builds its policy.
#include <fmt/core.h>

#include "lang/check/checker.h"
#include "lang/syntax/parser.h"
#include "policy/policy.h"
#include "support/json.h"

namespace placewright::policy {
namespace {

/// A failure to read the file, in either output format of Diagnostics.
std::string describe(const Error& error, bool json) {
  if (json) {
    nlohmann::json object = {{"severity", "error"}, {"message", error.message}};
    if (!error.help.empty()) object["help"] = error.help;
    return object.dump() + "\n";
  }
  return fmt::format("error: {}\n{}", error.message,
                     error.help.empty() ? "" : fmt::format("  = help: {}\n", error.help));
}

}  // namespace

LoadedPolicy load_policy(const std::string& path, const machine::MachineShape& machine, bool json) {
  auto file = SourceFile::read(path);
  if (!file) return {nullptr, describe(file.error(), json)};
  auto mapping = std::make_shared<Mapping>(Mapping{std::move(*file), {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  lang::check(mapping->program, diagnostics);
  std::shared_ptr<const Policy> policy;
  if (!diagnostics.has_errors()) policy = Policy::build(mapping, machine, diagnostics);
  return {std::move(policy), json ? diagnostics.to_json() : diagnostics.to_text()};
}

}  // namespace placewright::policy
