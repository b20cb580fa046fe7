// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright explain-run`.
#include <fmt/core.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "agent/paper_feedback.h"
#include "cli/commands.h"
#include "cli/explain_study.h"
#include "cli/print_error.h"
#include "cli/run_options.h"
#include "cli/usage.h"
#include "explain/explain.h"
#include "explain/observe.h"
#include "explain/render.h"
#include "llm/endpoint.h"
#include "support/terminal.h"
#include "tune/progress.h"

namespace placewright::cli {
namespace {

constexpr const char* kFindings = "findings";
constexpr const char* kPaper = "paper";

struct Options : RunOptions {
  std::string feedback = kFindings;
  std::string study;
  std::optional<int64_t> evaluation;
  bool run = false;  ///< The command of a study may be run.
  bool json = false;
};

/// What is explained is a program or an evaluation of a study.
Result<void> check_subject(const Options& options) {
  const bool has_program = !options.request.argv.empty();
  const bool has_study = !options.study.empty();
  if (options.evaluation && !has_study)
    return fail("--evaluation needs --study", "name the study with `--study FILE`");
  if (has_study && has_program)
    return fail(fmt::format("both the study `{}` and the program `{}` are given", options.study,
                            options.request.argv.front()),
                "leave out one of them");
  if (options.run && !has_study)
    return fail("--run applies to a study, not to a program", "leave it out: the program runs");
  if (has_study && !options.evaluation)
    return fail("--study needs --evaluation", "name the evaluation with `--evaluation N`");
  if (!has_study && !has_program)
    return fail("nothing to explain",
                "give a program after `--`, or `--study FILE --evaluation N`");
  if (has_study && !options.mapping.empty())
    return fail("--mapping applies to a program, not to a study",
                "leave it out: the study holds the mapping of each evaluation");
  if (has_study && options.feedback == kPaper)
    return fail("--feedback paper applies to a program, not to a study",
                "leave it out: it reads the program's output, which a study does not keep");
  return {};
}

void print(const explain::Observation& run, const Options& options) {
  if (options.feedback == kPaper) {
    print_text(stdout, "{}",
               agent::paper_feedback(run, agent::find_paper_metric(run.outcome.stdout_text),
                                     agent::FeedbackLevel::Suggest));
  } else if (options.json) {
    print_data(explain::to_json(explain::explain(run)));
  } else {
    print_text(stdout, "{}", explain::to_text(explain::explain(run)));
  }
}

/// Explains a run of a program with its arguments.
int explain_program(Options& options) {
  if (const auto ready = prepare(options); !ready) {
    print_error(ready.error());
    return 1;
  }
  // Standard output is reserved for the findings.
  options.request.on_output = nullptr;
  const Result<explain::Observed> observed = options.feedback == kPaper
                                                 ? explain::observe_result(options.request)
                                                 : explain::observe(options.request);
  if (!observed) {
    print_error(observed.error());
    return 1;
  }
  print_text(stderr, "{}", observed->notes);
  print(observed->run, options);
  const launch::RunStatus status = observed->run.outcome.status;
  if (status == launch::RunStatus::Cancelled)
    print_text(stderr, "placewright: the run was cancelled\n");
  return status == launch::RunStatus::Ok ? 0 : 1;
}

/// Explains an evaluation of a study.
int explain_evaluation(Options& options) {
  if (const auto ready = prepare(options); !ready) {
    print_error(ready.error());
    return 1;
  }
  options.request.on_output = nullptr;
  llm::erase_keys();
  const auto found =
      explain_study(options.study, *options.evaluation, options.run ? &options.request : nullptr);
  if (!found) {
    print_error(found.error());
    return 1;
  }
  if (options.json) {
    print_data(explain::to_json(found->findings));
  } else {
    print_text(stdout, "{}\n{}", tune::describe(found->evaluation, found->metric),
               explain::to_text(found->findings));
  }
  return 0;
}

int explain_subject(Options& options) {
  if (const auto subject = check_subject(options); !subject) refuse_usage(subject.error());
  return options.study.empty() ? explain_program(options) : explain_evaluation(options);
}

}  // namespace

void add_explain_run_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "explain-run",
      "Report what failed or cost time in a run, of a program or in a study, and what to try");
  add_mapping_option(*command, *options);
  add_run_options(*command, *options);
  command->get_option("application")->required(false);
  command
      ->add_option("--study", options->study,
                   "Study of `placewright tune`, in place of a program (default: none)")
      ->type_name("FILE");
  command
      ->add_option("--evaluation", options->evaluation,
                   "Number of an evaluation of the study, counted from 1 (default: none)")
      ->type_name("N");
  command->add_flag("--run", options->run,
                    "Run the command that the study holds if it holds no findings of the "
                    "evaluation; for studies that you trust");
  command->add_flag("--replace-mapper", options->request.replace_mapper,
                    "Replace the mappers that the application installs itself");
  command->add_flag("--json", options->json, "Print the findings as JSON");
  command
      ->add_option(
          "--feedback", options->feedback,
          "`findings`, or `paper`: the published system's feedback, from words in the output")
      ->check(one_of({kFindings, kPaper}))
      ->capture_default_str();
  set_forms(*command,
            {"[OPTIONS] -- PROGRAM [ARGUMENT...]", "[OPTIONS] --study FILE --evaluation N"});
  command->footer("Example: placewright explain-run --mapping my.mapping -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] { exit_status = explain_subject(*options); });
}

}  // namespace placewright::cli
