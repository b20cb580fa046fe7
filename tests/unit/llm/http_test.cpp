// SPDX-License-Identifier: Apache-2.0
#include "llm/http.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>

#include "model_testing.h"
#include "support/child_process.h"

namespace placewright::llm {
namespace {

constexpr HttpLimits kLimits{.connect_s = 0.2, .stall_s = 0.2, .total_s = 5, .max_bytes = 100'000};

tl::expected<HttpResponse, ModelError> get(const std::string& url,
                                           const HttpLimits& limits = kLimits,
                                           const OnBody& on_body = {},
                                           std::function<bool()> cancelled = {}) {
  HttpClient client(limits, std::move(cancelled));
  return client.send({.url = url}, on_body);
}

Failure failure_of(const tl::expected<HttpResponse, ModelError>& response) {
  return response ? Failure::NoKey : response.error().failure;
}

/// A variable of this process' environment for the time of a test.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      setenv(name_, before_->c_str(), 1);
    } else {
      unsetenv(name_);
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> before_;
};

TEST(Http, SendsBodyHeadersAndKey) {
  TestServer server([](const Seen&) { return json_answer("{}", 201, "X-Request-Id: r7\r\n"); });
  HttpClient client(kLimits, {});
  const auto response = client.send({.url = server.root() + "/x",
                                     .headers = {{"Anthropic-Version", "2023-06-01"}},
                                     .key_header = "Authorization",
                                     .key_prefix = "Bearer ",
                                     .key = Secret("k1234567"),
                                     .body = "{\"a\":1}"});
  ASSERT_TRUE(response) << response.error().error.message;
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "{}");
  EXPECT_EQ(response->headers.at("x-request-id"), "r7");
  const Seen seen = server.seen().at(0);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.body, "{\"a\":1}");
  EXPECT_EQ(seen.headers.at("authorization"), "Bearer k1234567");
  EXPECT_EQ(seen.headers.at("content-type"), "application/json");
  EXPECT_EQ(seen.headers.at("anthropic-version"), "2023-06-01");
}

TEST(Http, ReusesTheConnection) {
  TestServer server([](const Seen&) { return json_answer("{}"); });
  HttpClient client(kLimits, {});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(client.send({.url = server.root()}));
  EXPECT_EQ(server.connections(), 1);
}

TEST(Http, ServesManyThreads) {
  TestServer server([](const Seen& request) { return json_answer(request.body); });
  HttpClient client(kLimits, {});
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 10; ++n) {
        const std::string body = std::to_string(i * 100 + n);
        const auto response = client.send({.url = server.root(), .body = body});
        if (response && response->body == body) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 40);
  EXPECT_LE(server.connections(), 4);
}

TEST(Http, StreamsPiecesAsTheyArrive) {
  TestServer server([](const Seen&) {
    return events({"one", "two"}, Script::End::KeepAlive, 0.02);
  });
  std::vector<std::string> pieces;
  const auto response = get(server.root(), kLimits, [&](std::string_view bytes) {
    pieces.emplace_back(bytes);
    return Appetite::More;
  });
  ASSERT_TRUE(response);
  EXPECT_THAT(pieces, testing::ElementsAre("data: one\n\n", "data: two\n\n"));
  EXPECT_EQ(response->body, "");
}

TEST(Http, ASlowStreamIsNotStalled) {
  // Ten pieces of 60 ms take three times as long as the stall limit.
  TestServer server([](const Seen&) {
    return chunked("text/event-stream", std::vector<std::string>(10, "x"), Script::End::KeepAlive,
                   0.06);
  });
  EXPECT_TRUE(get(server.root()));
}

TEST(Http, AStalledStreamIsGivenUp) {
  TestServer server([](const Seen&) { return events({"one"}, Script::End::Hold); });
  const auto response = get(server.root());
  EXPECT_EQ(failure_of(response), Failure::Stalled);
  EXPECT_EQ(response.error().error.message, "nothing arrived for 0.2 s");
}

TEST(Http, ASilentServerIsGivenUp) {
  TestServer server([](const Seen&) { return Script{.end = Script::End::Hold}; });
  EXPECT_EQ(failure_of(get(server.root())), Failure::Stalled);
}

TEST(Http, AnEndlessStreamIsGivenUp) {
  TestServer server([](const Seen&) {
    return chunked("text/event-stream", std::vector<std::string>(1000, ": ping\n\n"),
                   Script::End::Close, 0.02);
  });
  HttpLimits limits = kLimits;
  limits.total_s = 0.15;
  EXPECT_EQ(failure_of(get(server.root(), limits)), Failure::Timeout);
}

TEST(Http, ACutStreamIsNoticed) {
  TestServer server([](const Seen&) { return events({"one"}, Script::End::Close); });
  EXPECT_EQ(failure_of(get(server.root())), Failure::CutStream);
}

TEST(Http, HalfABodyIsNoticed) {
  TestServer server([](const Seen&) {
    return Script{.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"},
                  .end = Script::End::Close};
  });
  EXPECT_EQ(failure_of(get(server.root())), Failure::CutStream);
}

TEST(Http, ARefusalIsOneEvenWhenItsTextBreaksOff) {
  TestServer server([](const Seen&) {
    return Script{.pieces = {"HTTP/1.1 401 No\r\nContent-Length: 100\r\n\r\nhalf"},
                  .end = Script::End::Close};
  });
  const auto response = get(server.root());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 401);
}

TEST(Http, AClosedConnectionIsUnreachable) {
  TestServer server([](const Seen&) { return Script{.end = Script::End::Close}; });
  EXPECT_EQ(failure_of(get(server.root())), Failure::Unreachable);
}

TEST(Http, NoServerIsUnreachable) {
  std::string root;
  {
    TestServer server([](const Seen&) { return Script{}; });
    root = server.root();
  }
  const auto response = get(root);
  EXPECT_EQ(failure_of(response), Failure::Unreachable);
  EXPECT_EQ(response.error().error.help, "is the server running?");
}

TEST(Http, WhatIsNotHttpIsUnreachable) {
  TestServer server([](const Seen&) {
    return Script{.pieces = {"220 smtp ready\r\n"}, .end = Script::End::Close};
  });
  EXPECT_EQ(failure_of(get(server.root())), Failure::Unreachable);
}

TEST(Http, AHugeAnswerIsCutOff) {
  TestServer server([](const Seen&) {
    return chunked("application/json", std::vector<std::string>(100, std::string(10'000, 'x')));
  });
  const auto response = get(server.root());
  EXPECT_EQ(failure_of(response), Failure::TooLarge);
  EXPECT_EQ(response.error().error.message, "the answer is larger than 100000 bytes");
}

TEST(Http, CanBeCancelledInTheMiddle) {
  TestServer server([](const Seen&) { return events({"one"}, Script::End::Hold); });
  std::atomic<bool> cancelled = false;
  const auto response = get(
      server.root(), {},
      [&](std::string_view) {
        cancelled = true;
        return Appetite::More;
      },
      [&] { return cancelled.load(); });
  EXPECT_EQ(failure_of(response), Failure::Cancelled);
}

TEST(Http, ASatisfiedCallerDoesNotWaitForTheConnectionToEnd) {
  TestServer server([](const Seen&) { return events({"all"}, Script::End::Hold); });
  HttpLimits limits = kLimits;
  limits.stall_s = 60;
  limits.total_s = 60;
  EXPECT_TRUE(get(server.root(), limits, [](std::string_view) { return Appetite::Satisfied; }));
}

TEST(Http, DoesNotFollowRedirects) {
  TestServer server(
      [](const Seen&) { return whole(302, "text/plain", "", "Location: /elsewhere\r\n"); });
  EXPECT_EQ(get(server.root() + "/x")->status, 302);
  EXPECT_EQ(server.seen().size(), 1U);
}

TEST(Http, AsksOtherMachinesThroughTheProxy) {
  TestServer proxy([](const Seen&) { return whole(502, "text/plain", "no way"); });
  const Variable variable("https_proxy", proxy.root()), no_exception("no_proxy", "");
  HttpLimits limits = kLimits;
  limits.stall_s = limits.connect_s = 5;
  EXPECT_EQ(failure_of(get("https://models.invalid/v1", limits)), Failure::Unreachable);
  ASSERT_EQ(proxy.seen().size(), 1U);
  EXPECT_EQ(proxy.seen()[0].method, "CONNECT");
  EXPECT_EQ(proxy.seen()[0].path, "models.invalid:443");
}

TEST(Http, GoesAroundTheProxyWhereNoProxySaysSo) {
  TestServer proxy([](const Seen&) { return whole(502, "text/plain", ""); });
  const Variable variable("https_proxy", proxy.root());
  const Variable exception("no_proxy", "models.invalid");
  EXPECT_EQ(failure_of(get("https://models.invalid/v1")), Failure::Unreachable);
  EXPECT_TRUE(proxy.seen().empty());
}

TEST(Http, NeverAsksThisMachineThroughAProxy) {
  TestServer proxy([](const Seen&) { return whole(502, "text/plain", ""); });
  TestServer server([](const Seen&) { return json_answer("{}"); });
  const Variable variable("http_proxy", proxy.root());
  EXPECT_EQ(get(server.root())->status, 200);
  EXPECT_TRUE(proxy.seen().empty());
}

/// An https server whose certificate nobody has signed, made with the program `openssl`.
class TlsServer {
 public:
  TlsServer() : folder_(testing::TempDir() + fmt::format("placewright-tls-{}", getpid())) {
    std::filesystem::create_directory(folder_);
    const auto made =
        run_child({.argv = {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                            "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                            folder_ + "/key.pem", "-out", certificate()},
                   .timeout_s = 30});
    if (made && made->exit_status == 0) thread_ = std::thread([this] { serve(); });
  }
  ~TlsServer() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    std::filesystem::remove_all(folder_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string certificate() const { return folder_ + "/certificate.pem"; }

  /// 0 when there is no such program.
  int port() {
    if (!thread_.joinable()) return 0;
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, std::chrono::seconds(20), [this] { return port_ != 0; });
    return port_;
  }

 private:
  void serve() {
    std::string output;
    const ChildCommand command{
        .argv = {"openssl", "s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate(),
                 "-key", folder_ + "/key.pem"},
        .timeout_s = 60,
        .on_output =
            [&](std::string_view text, bool) {
              output += text;
              constexpr std::string_view kMark = "ACCEPT 127.0.0.1:";
              const size_t at = output.find(kMark);
              if (at == std::string::npos || output.find('\n', at) == std::string::npos) return;
              const std::lock_guard lock(mutex_);
              port_ = std::stoi(output.substr(at + kMark.size()));
              ready_.notify_all();
            },
        .cancelled = [this] { return stopping_.load(); }};
    (void)run_child(command);
  }

  const std::string folder_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  std::condition_variable ready_;
  int port_ = 0;
  std::thread thread_;
};

TEST(Http, TakesCertificatesFromTheEnvironment) {
  TlsServer server;
  const int port = server.port();
  if (port == 0) GTEST_SKIP() << "skipped: the program `openssl` is not there";
  const std::string url = fmt::format("https://127.0.0.1:{}/", port);
  HttpLimits limits = kLimits;
  limits.connect_s = limits.stall_s = 10;
  const Variable no_bundle("CURL_CA_BUNDLE", ""), no_file("SSL_CERT_FILE", "");
  const auto refused = get(url, limits);
  EXPECT_EQ(failure_of(refused), Failure::Unreachable);
  EXPECT_THAT(refused.error().error.message, testing::HasSubstr("certificate cannot be checked"));
  EXPECT_THAT(refused.error().error.help, testing::HasSubstr("SSL_CERT_FILE"));
  for (const char* name : {"SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
    const Variable variable(name, server.certificate());
    const auto response = get(url, limits);
    ASSERT_TRUE(response) << name << ": " << response.error().error.message;
    EXPECT_EQ(response->status, 200) << name;
  }
}

TEST(ParseUrl, TakesAnAddressApart) {
  const auto url = parse_url("HTTPS://H.Example:8443/a/v1/");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->root(), "https://h.example:8443");
  EXPECT_EQ(url->path, "/a/v1");
  EXPECT_FALSE(url->is_loopback());
  for (const char* loopback :
       {"http://127.0.0.1", "http://127.1:8080", "http://localhost", "http://[::1]:1"})
    EXPECT_TRUE(parse_url(loopback)->is_loopback()) << loopback;
}

}  // namespace
}  // namespace placewright::llm
