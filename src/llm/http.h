// SPDX-License-Identifier: Apache-2.0
// One HTTP request with libcurl: time limits, a size limit, cancellation; errors become failures of
// a model. Independent of model protocols. Does not follow redirects, so that keys reach only the
// intended server.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "llm/language_model.h"
#include "llm/secret.h"

namespace placewright::llm {

struct HttpLimits {
  double connect_s = 15;
  double stall_s = 180;  ///< Without a single byte; must exceed a model's silent thinking time.
  double total_s = 900;
  size_t max_bytes = 16u << 20;  ///< Limit for an answer's body.
};

struct HttpRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  /// A header with a key: its name, the text before the key, and the key.
  std::string key_header;
  std::string key_prefix;
  Secret key;
  std::optional<std::string> body;  ///< POST if set, otherwise GET.
  bool answers_whole = false;       ///< Nothing comes before all does: silence is not a stall.
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  ///< Lower-case names; the last of equal ones.
  std::string body;                            ///< Unless it was streamed.
};

/// Receives a piece of the body of an answer with status 200, and says how much more is needed:
/// everything, what comes within 5 s, or nothing. The end is then awaited only briefly.
enum class Appetite { More, Soon, Satisfied };
using OnBody = std::function<Appetite(std::string_view bytes)>;

/// Where a URL points.
struct UrlParts {
  std::string scheme;
  std::string host;
  std::string port;   ///< Empty: the scheme's own.
  std::string path;   ///< Without a slash at the end.
  std::string query;  ///< After the question mark; empty: none.
  /// scheme://host:port
  [[nodiscard]] std::string root() const;
  [[nodiscard]] bool is_loopback() const;
};
/// Errors: not a URL of http or https, a user name or password in it.
[[nodiscard]] Result<UrlParts> parse_url(const std::string& url);

/// Thread-safe; keeps connections open for later requests. The proxy comes from https_proxy,
/// http_proxy and no_proxy (never for loopback), certificates from CURL_CA_BUNDLE or SSL_CERT_FILE.
class HttpClient {
 public:
  HttpClient(HttpLimits limits, std::function<bool()> cancelled);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Any status is a response. Errors: Unreachable, Timeout, Stalled, CutStream, TooLarge,
  /// Cancelled; once `on_body` no longer needs everything, only TooLarge.
  [[nodiscard]] tl::expected<HttpResponse, ModelError> send(const HttpRequest& request,
                                                            const OnBody& on_body = {});

 private:
  class Line;
  class Exchange;

  std::unique_ptr<Line> take_line();
  void put_back(std::unique_ptr<Line> line);

  HttpLimits limits_;
  std::function<bool()> cancelled_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Line>> idle_;
};

}  // namespace placewright::llm
