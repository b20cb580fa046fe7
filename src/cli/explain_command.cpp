// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright explain`.
#include <fmt/core.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/diagnostics_document.h"
#include "cli/usage.h"
#include "support/terminal.h"
#include "support/text.h"

namespace placewright::cli {
namespace {

using Sections = std::map<std::string, std::string_view, std::less<>>;

/// The text between the first two backticks.
std::string quoted(std::string_view line) {
  const size_t begin = line.find('`') + 1;
  return std::string(line.substr(begin, line.find('`', begin) - begin));
}

/// The document's text about each id: its section, or its row of a table.
Sections read_sections(std::string_view document) {
  constexpr std::string_view kHeading = "### `";
  Sections sections;
  for (size_t begin = 0; begin < document.size();) {
    const size_t line_end = std::min(document.find('\n', begin), document.size());
    const std::string_view line = document.substr(begin, line_end - begin);
    size_t next = line_end + 1;
    if (line.starts_with(kHeading)) {
      next = std::min(
          {document.find("\n### ", line_end), document.find("\n## ", line_end), document.size()});
      const std::string_view body = document.substr(line_end, next - line_end);
      const size_t first = body.find_first_not_of('\n');
      sections[quoted(line)] = body.substr(first, body.find_last_not_of('\n') + 1 - first);
      ++next;
    } else if (line.starts_with("| `")) {
      const size_t cell = line.find('|', 1) + 2;
      sections[quoted(line)] = line.substr(cell, line.rfind('|') - 1 - cell);
    }
    begin = next;
  }
  return sections;
}

void explain(const std::string& id) {
  const Sections sections = read_sections(kDiagnosticsDocument);
  if (id.empty()) {
    for (const auto& [name, text] : sections) print_text(stdout, "{}\n", name);
    return;
  }
  if (const auto found = sections.find(id); found != sections.end()) {
    print_text(stdout, "{}\n\n{}\n", id, found->second);
    return;
  }
  std::vector<std::string> known;
  for (const auto& [name, text] : sections) known.push_back(name);
  const std::string_view near = nearest_word(id, known);
  refuse_usage({fmt::format("no message has the id `{}`", id),
                near.empty() ? "`placewright explain` lists the ids"
                             : fmt::format("did you mean `{}`?", near)});
}

}  // namespace

void add_explain_command(CLI::App& app, int& exit_status) {
  auto id = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("explain", "Explain a message by its id, or list the ids");
  command->add_option("id", *id, "Diagnostic id, as printed in brackets after a message")
      ->type_name("ID");
  set_forms(*command, {"", "ID"});
  command->footer("Example: placewright explain missing-semicolon");
  command->callback([id, &exit_status] {
    explain(*id);
    exit_status = 0;
  });
}

}  // namespace placewright::cli
