// SPDX-License-Identifier: Apache-2.0
#include "llm/http.h"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "support/check.h"
#include "support/text.h"

namespace placewright::llm {
namespace {

using Seconds = std::chrono::duration<double>;
using SteadyTime = std::chrono::steady_clock::time_point;

// How long to wait for the rest of an already complete answer: usually the end mark of the
// connection comes in the same packet. Token counts may come later than the answer.
constexpr double kAfterglow = 0.25;
constexpr double kLateCounts = 5;
constexpr int kPollMs = 50;

double since(SteadyTime start) { return Seconds(std::chrono::steady_clock::now() - start).count(); }

void initialise_once() {
  static std::once_flag once;
  std::call_once(once,
                 [] { PLACEWRIGHT_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

/// Frees the objects that libcurl allocates.
struct Freed {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  const std::unique_ptr<char, Freed> owner(text);
  return text;
}

const char* ca_bundle() {
  for (const char* name : {"CURL_CA_BUNDLE", "SSL_CERT_FILE"}) {
    if (const char* path = std::getenv(name); path != nullptr && *path != '\0') return path;
  }
  return nullptr;
}

}  // namespace

std::string UrlParts::root() const {
  return fmt::format("{}://{}{}{}", scheme, host, port.empty() ? "" : ":", port);
}

bool UrlParts::is_loopback() const {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

Result<UrlParts> parse_url(const std::string& url) {
  const std::unique_ptr<CURLU, Freed> handle(curl_url());
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), 0);
  if (code != CURLUE_OK) {
    return fail(fmt::format("`{}` is not an address: {}", url, lower_case(curl_url_strerror(code))),
                "an address looks like http://127.0.0.1:8080/v1");
  }
  UrlParts parts{.scheme = part_of(handle.get(), CURLUPART_SCHEME),
                 .host = lower_case(part_of(handle.get(), CURLUPART_HOST)),
                 .port = part_of(handle.get(), CURLUPART_PORT),
                 .path = part_of(handle.get(), CURLUPART_PATH),
                 .query = part_of(handle.get(), CURLUPART_QUERY)};
  if (parts.scheme != "http" && parts.scheme != "https")
    return fail(fmt::format("`{}` is an address of {}, expected http or https", url, parts.scheme));
  for (const CURLUPart part : {CURLUPART_USER, CURLUPART_PASSWORD}) {
    if (!part_of(handle.get(), part).empty()) {
      return fail(fmt::format("the address of `{}` has a user name or password in it", parts.host),
                  "pass keys in an environment variable or a file");
    }
  }
  while (parts.path.ends_with('/')) parts.path.pop_back();
  // "127.attacker.example" is a name, not an address: only digits and dots make one.
  if (parts.host.starts_with("127.") &&
      parts.host.find_first_not_of("0123456789.") != std::string::npos)
    return fail(fmt::format("`{}` is not a host name", parts.host));
  return parts;
}

/// A connection that can be used again: an easy handle with a multi handle of its own, which keeps
/// the socket open and can be polled.
class HttpClient::Line {
 public:
  Line() : multi_(curl_multi_init()), easy_(curl_easy_init()) {
    PLACEWRIGHT_CHECK(multi_ != nullptr && easy_ != nullptr);
  }
  ~Line() {
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  [[nodiscard]] CURLM* multi() const { return multi_; }
  [[nodiscard]] CURL* easy() const { return easy_; }

 private:
  CURLM* multi_;
  CURL* easy_;
};

/// One request on a line.
class HttpClient::Exchange {
 public:
  Exchange(const HttpClient& client, const HttpRequest& request, const OnBody& on_body, Line& line)
      : limits_(client.limits_),
        cancelled_(client.cancelled_),
        request_(request),
        on_body_(on_body),
        line_(line) {
    prepare();
  }
  ~Exchange() { curl_easy_reset(line_.easy()); }
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  tl::expected<HttpResponse, ModelError> run() {
    curl_multi_add_handle(line_.multi(), line_.easy());
    const std::optional<ModelError> stopped = drive();
    curl_multi_remove_handle(line_.multi(), line_.easy());
    if (stopped) return tl::unexpected(*stopped);
    long status = 0;
    curl_easy_getinfo(line_.easy(), CURLINFO_RESPONSE_CODE, &status);
    response_.status = static_cast<int>(status);
    return std::move(response_);
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    PLACEWRIGHT_CHECK(curl_easy_setopt(line_.easy(), option, value) == CURLE_OK);
  }

  void prepare() {
    set(CURLOPT_URL, request_.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, static_cast<long>(limits_.connect_s * 1000)));
    set(CURLOPT_ERRORBUFFER, error_text_);
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_WRITEFUNCTION, &Exchange::on_bytes);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Exchange::on_header);
    if (const char* bundle = ca_bundle()) set(CURLOPT_CAINFO, bundle);
    const Result<UrlParts> url = parse_url(request_.url);
    if (url && url->is_loopback()) set(CURLOPT_PROXY, "");
    if (request_.body) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body->size()));
      set(CURLOPT_POSTFIELDS, request_.body->c_str());
    }
    add_headers();
  }

  void add_headers() {
    if (request_.body) append("Content-Type: application/json");
    append("Expect:");  // Send the body without waiting for the server's consent.
    append("User-Agent: placewright");
    for (const auto& [name, value] : request_.headers) append(name + ": " + value);
    if (!request_.key.empty())
      append(request_.key_header + ": " + request_.key_prefix + request_.key.reveal());
    set(CURLOPT_HTTPHEADER, headers_.get());
  }

  void append(const std::string& header) {
    curl_slist* longer = curl_slist_append(headers_.get(), header.c_str());
    PLACEWRIGHT_CHECK(longer != nullptr);
    (void)headers_.release();
    headers_.reset(longer);
  }

  static size_t on_bytes(char* data, size_t size, size_t count, void* self) {
    return static_cast<Exchange*>(self)->take_body(std::string_view(data, size * count));
  }

  size_t take_body(std::string_view bytes) {
    last_byte_ = std::chrono::steady_clock::now();
    received_ += bytes.size();
    if (received_ > limits_.max_bytes) {
      is_too_large_ = true;
      return CURL_WRITEFUNC_ERROR;
    }
    long status = 0;
    curl_easy_getinfo(line_.easy(), CURLINFO_RESPONSE_CODE, &status);
    if (on_body_ && status == 200) {
      take_appetite(on_body_(bytes));
    } else {
      response_.body += bytes;
    }
    return bytes.size();
  }

  void take_appetite(Appetite appetite) {
    if (appetite == appetite_) return;
    appetite_ = appetite;
    fed_ = last_byte_;
  }

  static size_t on_header(char* data, size_t size, size_t count, void* self) {
    auto& exchange = *static_cast<Exchange*>(self);
    exchange.take_header(std::string_view(data, size * count));
    return size * count;
  }

  void take_header(std::string_view line) {
    last_byte_ = std::chrono::steady_clock::now();
    has_answer_ = true;
    if (line.starts_with("HTTP/")) response_.headers.clear();  // An interim answer came before.
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    std::string_view value = line.substr(colon + 1);
    const size_t begin = value.find_first_not_of(" \t\r\n");
    value = begin == std::string_view::npos
                ? std::string_view()
                : value.substr(begin, value.find_last_not_of(" \t\r\n") + 1 - begin);
    response_.headers[lower_case(line.substr(0, colon))] = std::string(value);
  }

  /// Runs until the answer is complete or something stops it.
  std::optional<ModelError> drive() {
    start_ = last_byte_ = std::chrono::steady_clock::now();
    for (;;) {
      int running = 0;
      if (curl_multi_perform(line_.multi(), &running) != CURLM_OK)
        return error(Failure::Unreachable, "libcurl does not work");
      if (running == 0) return outcome();
      const bool is_cancelled = cancelled_ && cancelled_();
      if (has_enough()) {
        if (is_cancelled || time_left() <= 0) return std::nullopt;
      } else if (is_cancelled) {
        return error(Failure::Cancelled, "the call was cancelled");
      } else if (std::optional<ModelError> late = too_late()) {
        return late;
      }
      curl_multi_poll(line_.multi(), nullptr, 0, poll_ms(), nullptr);
    }
  }

  [[nodiscard]] std::optional<ModelError> too_late() const {
    if (since(start_) >= limits_.total_s) {
      return error(Failure::Timeout,
                   fmt::format("no complete answer within {:g} s", limits_.total_s));
    }
    if (since(last_byte_) >= allowed_silence())
      return error(Failure::Stalled, fmt::format("nothing arrived for {:g} s", allowed_silence()));
    return std::nullopt;
  }

  [[nodiscard]] bool has_enough() const { return appetite_ != Appetite::More; }

  /// Until an answer begins, the time to connect may be part of the silence.
  [[nodiscard]] double allowed_silence() const {
    if (request_.answers_whole) return limits_.total_s;
    return has_answer_ ? limits_.stall_s : std::max(limits_.stall_s, limits_.connect_s);
  }

  [[nodiscard]] double time_left() const {
    if (has_enough()) return (appetite_ == Appetite::Soon ? kLateCounts : kAfterglow) - since(fed_);
    return std::min(limits_.total_s - since(start_), allowed_silence() - since(last_byte_));
  }

  [[nodiscard]] int poll_ms() const {
    return std::clamp(static_cast<int>(time_left() * 1000) + 1, 1, kPollMs);
  }

  static ModelError error(Failure failure, std::string message, std::string help = {}) {
    return {failure, Error{std::move(message), std::move(help)}, 0, 0};
  }

  std::optional<ModelError> outcome() {
    CURLcode code = CURLE_OK;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(line_.multi(), &left)) {
      if (message->msg == CURLMSG_DONE) code = message->data.result;
    }
    if (is_too_large_) {
      return error(Failure::TooLarge,
                   fmt::format("the answer is larger than {} bytes", limits_.max_bytes),
                   "ask for fewer tokens");
    }
    long status = 0;
    curl_easy_getinfo(line_.easy(), CURLINFO_RESPONSE_CODE, &status);
    // An error status counts even if its text breaks off.
    if (code == CURLE_OK || has_enough() || status >= 400) return std::nullopt;
    const std::string why = *error_text_ != '\0' ? error_text_ : curl_easy_strerror(code);
    return explain(code, why);
  }

  [[nodiscard]] ModelError explain(CURLcode code, const std::string& why) const {
    switch (code) {
      case CURLE_OPERATION_TIMEDOUT:
        return error(Failure::Unreachable, "no connection: " + why,
                     "is the address right, and may this machine reach it?");
      case CURLE_SSL_CACERT_BADFILE:
      case CURLE_PEER_FAILED_VERIFICATION:
        return error(Failure::Unreachable, "the server's certificate cannot be checked: " + why,
                     "name a file with the right certificates in SSL_CERT_FILE");
      case CURLE_COULDNT_RESOLVE_PROXY:
        return error(Failure::Unreachable, "no such proxy: " + why,
                     "check https_proxy and no_proxy");
      default:
        break;
    }
    if (has_answer_ && received_ > 0)
      return error(Failure::CutStream, "the answer was cut off: " + why, "try again");
    return error(Failure::Unreachable, "no answer: " + why, "is the server running?");
  }

  const HttpLimits& limits_;
  const std::function<bool()>& cancelled_;
  const HttpRequest& request_;
  const OnBody& on_body_;
  Line& line_;
  std::unique_ptr<curl_slist, Freed> headers_;
  char error_text_[CURL_ERROR_SIZE] = "";
  HttpResponse response_;
  SteadyTime start_, last_byte_;
  Appetite appetite_ = Appetite::More;
  SteadyTime fed_;  ///< When `appetite_` became what it is.
  size_t received_ = 0;
  bool has_answer_ = false;
  bool is_too_large_ = false;
};

HttpClient::HttpClient(HttpLimits limits, std::function<bool()> cancelled)
    : limits_(limits), cancelled_(std::move(cancelled)) {
  initialise_once();
}

HttpClient::~HttpClient() = default;

tl::expected<HttpResponse, ModelError> HttpClient::send(const HttpRequest& request,
                                                        const OnBody& on_body) {
  std::unique_ptr<Line> line = take_line();
  tl::expected<HttpResponse, ModelError> response = Exchange(*this, request, on_body, *line).run();
  put_back(std::move(line));
  return response;
}

std::unique_ptr<HttpClient::Line> HttpClient::take_line() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Line>();
  std::unique_ptr<Line> line = std::move(idle_.back());
  idle_.pop_back();
  return line;
}

void HttpClient::put_back(std::unique_ptr<Line> line) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(line));
}

}  // namespace placewright::llm
