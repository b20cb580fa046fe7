// SPDX-License-Identifier: Apache-2.0
#include "llm/cassette.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

#include "llm/cassette_line.h"
#include "llm/utf8.h"
#include "support/files.h"
#include "support/try.h"

namespace placewright::llm {
namespace {

/// Calls `handle` for every complete exchange; returns the length of the complete part.
Result<uint64_t> read_exchanges(const std::string& path, std::string_view text,
                                const std::function<void(Exchange, int line)>& handle) {
  const auto damaged = [&](int number, std::string message, std::string help = {}) {
    return fail(fmt::format("the cassette `{}` cannot be read, line {}: {}", path, number, message),
                std::move(help));
  };
  uint64_t length = 0;
  int number = 0;
  // Text after the last line break is the partial line of a killed process.
  for (size_t end = 0; (end = text.find('\n', length)) != std::string_view::npos;
       length = end + 1) {
    const std::string line(text.substr(length, end - length));
    ++number;
    if (number == 1) {
      if (const Result<void> header = check_header(line); !header)
        return damaged(number, header.error().message, header.error().help);
    } else {
      std::optional<Exchange> exchange = from_line(line);
      if (!exchange)
        return damaged(number, "it is damaged", "restore the file, or record it again");
      handle(std::move(*exchange), number);
    }
  }
  if (number == 0 && !text.empty())
    return damaged(1, "it is not a cassette: the first line is not a cassette header");
  return length;
}

Result<uint64_t> read_cassette(const std::string& path,
                               const std::function<void(Exchange, int line)>& handle) {
  const Result<std::string> text = read_file(path);
  if (!text) return fail("cannot read the cassette: " + text.error().message);
  return read_exchanges(path, *text, handle);
}

/// How far two requests agree, as text from the beginning.
struct Likeness {
  size_t equal_bytes = 0;
  std::string difference;
};

Likeness compare(const Request& wanted, const std::string& form, const Exchange& recorded) {
  Likeness likeness;
  const std::vector<Message>& theirs = recorded.request.messages;
  for (size_t i = 0; i < wanted.messages.size(); ++i) {
    if (i >= theirs.size()) {
      likeness.difference =
          fmt::format("it has {} messages, not {}", theirs.size(), wanted.messages.size());
      return likeness;
    }
    const std::string &text = wanted.messages[i].text, &other = theirs[i].text;
    const auto parted = std::ranges::mismatch(text, other);
    const auto equal = static_cast<size_t>(parted.in1 - text.begin());
    likeness.equal_bytes += equal;
    if (equal == text.size() && equal == other.size()) continue;
    likeness.difference =
        fmt::format("from byte {} of message {} on it has `{}` where `{}` is asked", equal, i + 1,
                    excerpt(std::string_view(other).substr(equal), 40),
                    excerpt(std::string_view(text).substr(equal), 40));
    return likeness;
  }
  likeness.difference = theirs.size() > wanted.messages.size() ? "it has further messages"
                        : form != recorded.form                ? "its grammar or schema differs"
                                                : "its parameters, roles or model differ";
  return likeness;
}

}  // namespace

Result<std::unique_ptr<CassetteRecorder>> CassetteRecorder::open(
    const std::string& path, std::unique_ptr<LanguageModel> model, Redactor redactor) {
  PLACEWRIGHT_TRY(
      LineFile file,
      LineFile::resume(
          path, fmt::format("the cassette `{}` is being recorded by another process", path)));
  std::unique_ptr<CassetteRecorder> recorder(
      new CassetteRecorder(std::move(model), std::move(redactor), std::move(file)));
  const auto count = [&](const Exchange& exchange, int) {
    int& occurrences = recorder->occurrences_[exchange.key];
    occurrences = std::max(occurrences, exchange.occurrence + 1);
  };
  PLACEWRIGHT_TRY(const std::string text, recorder->file_.read());
  PLACEWRIGHT_TRY(const uint64_t length, read_exchanges(path, text, count));
  PLACEWRIGHT_TRY_VOID(recorder->file_.cut(length));
  if (length == 0) PLACEWRIGHT_TRY_VOID(recorder->file_.append(header_line()));
  return recorder;
}

Completion CassetteRecorder::complete(const Request& request) {
  Completion completion = model_->complete(request);
  const bool says_nothing = !completion && (completion.error().failure == Failure::Cancelled ||
                                            completion.error().failure == Failure::BudgetSpent);
  if (says_nothing) return completion;
  if (const auto written = write(request, completion); !written)
    return fail(Failure::ServerError, written.error().message,
                "free some space and record it again");
  return completion;
}

Result<void> CassetteRecorder::write(const Request& request, const Completion& completion) {
  const std::string model = name();
  Exchange exchange{.key = request_key(model, request),
                    .model = model,
                    .request = request,
                    .form = form_key(request.form),
                    .completion = completion};
  const std::lock_guard lock(mutex_);
  exchange.occurrence = occurrences_[exchange.key]++;
  return file_.append(to_line(exchange, redactor_));
}

Result<std::unique_ptr<CassettePlayer>> CassettePlayer::open(const std::string& path,
                                                             std::string name) {
  std::unique_ptr<CassettePlayer> player(new CassettePlayer());
  player->path_ = path;
  player->name_ = std::move(name);
  std::optional<Error> gap;
  const auto keep = [&](Exchange exchange, int line) {
    if (player->name_.empty()) player->name_ = exchange.model;
    ++player->size_;
    std::vector<Completion>& answers = player->answers_[exchange.key];
    if (!gap && answers.size() != static_cast<size_t>(exchange.occurrence)) {
      gap =
          Error{fmt::format("the cassette `{}` cannot be read, line {}: occurrence {} of a request "
                            "comes after {} of them",
                            path, line, exchange.occurrence, answers.size()),
                "restore the file, or record it again"};
    }
    answers.push_back(std::move(exchange.completion));
  };
  PLACEWRIGHT_TRY_VOID(read_cassette(path, keep));
  if (gap) return tl::unexpected(*gap);
  return player;
}

Completion CassettePlayer::complete(const Request& request) {
  const std::string key = request_key(name_, request);
  const std::lock_guard lock(mutex_);
  const auto found = answers_.find(key);
  if (found == answers_.end()) {
    return fail(
        Failure::CassetteMiss,
        fmt::format("the cassette `{}` has no such request (prompt `{}`)", path_, request.prompt),
        describe_nearest(request));
  }
  const size_t occurrence = asked_[key]++;
  if (occurrence < found->second.size()) return found->second[occurrence];
  return fail(
      Failure::CassetteMiss,
      fmt::format(
          "the cassette `{}` has this request (prompt `{}`) {} times, but it was asked once more",
          path_, request.prompt, found->second.size()),
      "record it again");
}

std::string CassettePlayer::describe_nearest(const Request& request) const {
  const std::string form = form_key(request.form);
  std::optional<Likeness> best;
  std::string place;
  const Result<uint64_t> length = read_cassette(path_, [&](const Exchange& exchange, int line) {
    Likeness likeness = compare(request, form, exchange);
    if (best && likeness.equal_bytes <= best->equal_bytes) return;
    place = fmt::format("line {} (prompt `{}`, model `{}`)", line, exchange.request.prompt,
                        exchange.model);
    best = std::move(likeness);
  });
  if (!length || !best) return "it is empty";
  return fmt::format("most like it is {}: {}", place, best->difference);
}

}  // namespace placewright::llm
