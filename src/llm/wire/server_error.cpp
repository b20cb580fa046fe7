// SPDX-License-Identifier: Apache-2.0
#include "llm/wire/server_error.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <span>

#include "llm/utf8.h"
#include "llm/wire/json_access.h"
#include "support/text.h"

namespace placewright::llm {
namespace {

using nlohmann::json;

constexpr size_t kMostText = 400;

/// The common parts of all error formats.
struct Report {
  std::string message;
  std::string kind;  ///< `type` and `code`, lower case, with blanks between.
  std::string parameter;
};

std::string code_of(const json& error) {
  const json* code = member(error, "code");
  if (code == nullptr) return "";
  return code->is_string() ? code->get<std::string>() : dump_json(*code);
}

Report report_of(const json& document) {
  Report report;
  const json* error = member(document, "error");
  if (error != nullptr && error->is_string()) {
    report.message = error->get<std::string>();
    return report;
  }
  const json& holder = error != nullptr ? *error : document;
  report.message = text_at(holder, "message");
  report.kind = lower_case(text_at(holder, "type") + " " + code_of(holder));
  report.parameter = text_at(holder, "param");
  if (report.message.empty()) {
    if (const json* detail = member(document, "detail"))
      report.message = detail->is_string() ? detail->get<std::string>() : dump_json(*detail);
  }
  return report;
}

/// A web page without its tags.
std::string plain_text(std::string_view page) {
  std::string text;
  bool in_tag = false;
  for (const char c : page.substr(0, 4 * kMostText)) {
    if (c == '<') in_tag = true;
    if (!in_tag) text += c;
    if (c == '>') in_tag = false;
  }
  return text;
}

bool has_any(const std::string& text, std::span<const std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

constexpr std::array<std::string_view, 8> kQuotaWords = {
    "insufficient_quota", "credit_balance", "credit balance", "spend_limit",
    "spend limit",        "spending limit", "billing_error",  "billing_hard_limit"};
constexpr std::array<std::string_view, 11> kContextWords = {
    "context_length",    "exceed_context_size", "context length",   "context window",
    "context size",      "context limit",       "too many tokens",  "prompt is too long",
    "request_too_large", "request too large",   "input is too long"};
constexpr std::array<std::string_view, 5> kRefusalWords = {
    "content_policy", "content_filter", "content policy", "invalid_prompt", "safety_violation"};
constexpr std::array<std::string_view, 5> kModelWords = {"model_not_found", "model",
                                                         "not_found_error", "deployment", "pull"};

std::string_view help_for(Failure failure) {
  switch (failure) {
    case Failure::BadKey:
      return "check the key: is it from this provider, and still valid?";
    case Failure::Forbidden:
      return "the key's account has no access to this model or region";
    case Failure::UnknownModel:
      return "check the name of the model";
    case Failure::QuotaExhausted:
      return "add credit or raise the limit at the provider; results so far are kept";
    case Failure::RateLimited:
      return "ask for fewer calls at a time, or wait";
    case Failure::ContextTooLong:
      return "shorten the prompt or use a model with a longer context";
    case Failure::Refused:
      return "rephrase the request, or use another model";
    case Failure::Overloaded:
      return "try again later";
    case Failure::NoKey:
    case Failure::BadRequest:
    case Failure::OnlyReasoning:
    case Failure::ServerError:
    case Failure::Unreachable:
    case Failure::Timeout:
    case Failure::Stalled:
    case Failure::CutStream:
    case Failure::Garbage:
    case Failure::TooLarge:
    case Failure::CassetteMiss:
    case Failure::BudgetSpent:
    case Failure::Cancelled:
      return "";
  }
  return "";
}

/// What a refusal of a request (400, 413, 422) is about.
Failure classify_refusal(int status, const std::string& words) {
  if (has_any(words, kQuotaWords)) return Failure::QuotaExhausted;
  if (status == 413 || has_any(words, kContextWords)) return Failure::ContextTooLong;
  if (has_any(words, kRefusalWords)) return Failure::Refused;
  return Failure::BadRequest;
}

Failure classify_status(int status, const std::string& words) {
  switch (status) {
    case 401:
      return Failure::BadKey;
    case 402:
      return Failure::QuotaExhausted;
    case 403:
      return Failure::Forbidden;
    case 404:
      return has_any(words, kModelWords) ? Failure::UnknownModel : Failure::BadRequest;
    case 408:
      return Failure::Timeout;
    case 429:
      // A request that is larger than the limit of a minute never fits, however long it waits.
      if (words.find("request too large") != std::string::npos) return Failure::ContextTooLong;
      return has_any(words, kQuotaWords) ? Failure::QuotaExhausted : Failure::RateLimited;
    case 503:
    case 529:
      return Failure::Overloaded;
    default:
      break;
  }
  if (status >= 500) {
    return words.find("overloaded") != std::string::npos ? Failure::Overloaded
                                                         : Failure::ServerError;
  }
  return classify_refusal(status, words);
}

Failure classify_event(const std::string& kind, const std::string& words) {
  constexpr std::array<std::pair<std::string_view, Failure>, 8> kKinds = {
      {{"overloaded", Failure::Overloaded},
       {"slow_down", Failure::RateLimited},
       {"authentication", Failure::BadKey},
       {"permission", Failure::Forbidden},
       {"not_found", Failure::UnknownModel},
       {"timeout", Failure::Timeout},
       {"server_error", Failure::ServerError},
       {"api_error", Failure::ServerError}}};
  if (has_any(words, kQuotaWords)) return Failure::QuotaExhausted;
  if (kind.find("rate_limit") != std::string::npos) return Failure::RateLimited;
  for (const auto& [word, failure] : kKinds) {
    if (kind.find(word) != std::string::npos) return failure;
  }
  const Failure refusal = classify_refusal(400, words);
  if (refusal != Failure::BadRequest) return refusal;
  return kind.find("invalid") != std::string::npos ? Failure::BadRequest : Failure::ServerError;
}

ServerError make_error(Failure failure, std::string message, const Report& report) {
  ServerError result;
  result.error.failure = failure;
  result.error.error = {std::move(message), std::string(help_for(failure))};
  result.parameter = report.parameter;
  result.text = report.message;
  return result;
}

}  // namespace

ServerError read_http_error(int status, std::string_view body, std::string_view path) {
  const json document = parse_json(body);
  Report report = document.is_object() ? report_of(document) : Report{};
  if (report.message.empty()) report.message = plain_text(body);
  const std::string said = excerpt(report.message, kMostText);
  const Failure failure = classify_status(status, report.kind + " " + lower_case(report.message));
  std::string message =
      fmt::format("the server answered {}{}{}", status, said.empty() ? "" : ": ", said);
  ServerError result = make_error(failure, std::move(message), report);
  if (status == 404 && failure == Failure::BadRequest) {
    result.error.error.message = fmt::format("the server has no `{}`: it answered 404", path);
    result.error.error.help = "check the address; for most servers it ends in /v1";
  } else if (status >= 300 && status < 400) {
    result.error.error.message =
        fmt::format("the server answered {}: it redirects to another address", status);
    result.error.error.help = "use the address that it redirects to; keys are not sent along";
  }
  return result;
}

ServerError read_stream_error(const json& event) {
  const Report report = report_of(event);
  const Failure failure =
      classify_event(report.kind, report.kind + " " + lower_case(report.message));
  const std::string said = excerpt(report.message, kMostText);
  return make_error(failure,
                    fmt::format("the server reported an error instead of an answer: {}",
                                said.empty() ? report.kind : said),
                    report);
}

}  // namespace placewright::llm
