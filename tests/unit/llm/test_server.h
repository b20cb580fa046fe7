// SPDX-License-Identifier: Apache-2.0
// An HTTP server on 127.0.0.1 that answers exactly as a test tells it to: in pieces, slowly, half,
// or not at all.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace placewright::llm {

/// A request as it arrived.
struct Seen {
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  std::string body;
};

struct Script {
  enum class End {
    KeepAlive,  ///< The answer is whole; another request may follow.
    Close,      ///< The connection closes.
    Hold        ///< Nothing more comes, but the connection stays until the client goes.
  };
  std::vector<std::string> pieces;
  double pause_s = 0;  ///< Before each piece but the first.
  End end = End::KeepAlive;
};

/// A whole answer of known length.
[[nodiscard]] Script whole(int status, const std::string& content_type, const std::string& body,
                           const std::string& more_headers = "");
[[nodiscard]] Script json_answer(const std::string& body, int status = 200,
                                 const std::string& more_headers = "");
/// An answer in chunks, each of them a piece; without an end mark unless KeepAlive.
[[nodiscard]] Script chunked(const std::string& content_type,
                             const std::vector<std::string>& chunks,
                             Script::End end = Script::End::KeepAlive, double pause_s = 0);
/// Server-sent events, one chunk each.
[[nodiscard]] Script events(const std::vector<std::string>& data,
                            Script::End end = Script::End::KeepAlive, double pause_s = 0);

class TestServer {
 public:
  using Handler = std::function<Script(const Seen& request)>;
  explicit TestServer(Handler handler);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  [[nodiscard]] std::string root() const;
  [[nodiscard]] int port() const { return port_; }
  /// Requests whose path ends like this, in order of arrival; all for an empty one.
  [[nodiscard]] std::vector<Seen> seen(const std::string& path_end = "") const;
  [[nodiscard]] int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int socket);
  bool read_request(int socket, std::string& buffer, Seen& request) const;
  bool play(int socket, const Script& script) const;
  bool wait_for_input(int socket) const;

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<Seen> seen_;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

}  // namespace placewright::llm
