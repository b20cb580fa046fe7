// SPDX-License-Identifier: Apache-2.0
#include "test_server.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "support/check.h"
#include "support/text.h"

namespace placewright::llm {
namespace {

bool send_all(int socket, const std::string& bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<size_t>(count);
  }
  return true;
}

}  // namespace

Script whole(int status, const std::string& content_type, const std::string& body,
             const std::string& more_headers) {
  return {
      .pieces = {fmt::format("HTTP/1.1 {} X\r\nContent-Type: {}\r\nContent-Length: {}\r\n{}\r\n{}",
                             status, content_type, body.size(), more_headers, body)}};
}

Script json_answer(const std::string& body, int status, const std::string& more_headers) {
  return whole(status, "application/json", body, more_headers);
}

Script chunked(const std::string& content_type, const std::vector<std::string>& chunks,
               Script::End end, double pause_s) {
  Script script{.pause_s = pause_s, .end = end};
  script.pieces.push_back(fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\n\r\n", content_type));
  for (const std::string& chunk : chunks)
    script.pieces.push_back(fmt::format("{:x}\r\n{}\r\n", chunk.size(), chunk));
  if (end == Script::End::KeepAlive) script.pieces.back() += "0\r\n\r\n";
  return script;
}

Script events(const std::vector<std::string>& data, Script::End end, double pause_s) {
  std::vector<std::string> chunks;
  for (const std::string& event : data) chunks.push_back("data: " + event + "\n\n");
  return chunked("text/event-stream", chunks, end, pause_s);
}

TestServer::TestServer(Handler handler) : handler_(std::move(handler)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  PLACEWRIGHT_CHECK(bind(listener_, plain, size) == 0 && listen(listener_, 16) == 0);
  PLACEWRIGHT_CHECK(getsockname(listener_, plain, &size) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

TestServer::~TestServer() {
  stopping_ = true;
  acceptor_.join();
  for (std::thread& worker : workers_) worker.join();
  close(listener_);
}

std::string TestServer::root() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::vector<Seen> TestServer::seen(const std::string& path_end) const {
  const std::lock_guard lock(mutex_);
  std::vector<Seen> found;
  for (const Seen& request : seen_) {
    if (request.path.ends_with(path_end)) found.push_back(request);
  }
  return found;
}

bool TestServer::wait_for_input(int socket) const {
  while (!stopping_) {
    pollfd waiting{.fd = socket, .events = POLLIN};
    if (poll(&waiting, 1, 10) > 0) return true;
  }
  return false;
}

void TestServer::accept_all() {
  while (wait_for_input(listener_)) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    ++connections_;
    workers_.emplace_back([this, client] {
      serve(client);
      close(client);
    });
  }
}

void TestServer::serve(int socket) {
  std::string buffer;
  for (Seen request; read_request(socket, buffer, request); request = {}) {
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(request);
    }
    if (!play(socket, handler_(request))) return;
  }
}

bool TestServer::read_request(int socket, std::string& buffer, Seen& request) const {
  size_t head = std::string::npos, length = 0;
  for (;;) {
    head = buffer.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::string lower = lower_case(buffer.substr(0, head));
      const size_t field = lower.find("content-length: ");
      length = field == std::string::npos ? 0 : std::stoul(lower.substr(field + 16));
      if (buffer.size() >= head + 4 + length) break;
    }
    std::array<char, 65536> bytes{};
    if (!wait_for_input(socket)) return false;
    const ssize_t count = recv(socket, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    buffer.append(bytes.data(), static_cast<size_t>(count));
  }
  const size_t first = buffer.find(' '), second = buffer.find(' ', first + 1);
  request.method = buffer.substr(0, first);
  request.path = buffer.substr(first + 1, second - first - 1);
  for (size_t at = buffer.find("\r\n") + 2; at < head;) {
    const size_t end = buffer.find("\r\n", at);
    const size_t colon = buffer.find(": ", at);
    if (colon < end)
      request.headers[lower_case(buffer.substr(at, colon - at))] =
          buffer.substr(colon + 2, end - colon - 2);
    at = end + 2;
  }
  request.body = buffer.substr(head + 4, length);
  buffer.erase(0, head + 4 + length);
  return true;
}

bool TestServer::play(int socket, const Script& script) const {
  for (size_t i = 0; i < script.pieces.size(); ++i) {
    if (i > 0 && script.pause_s > 0)
      std::this_thread::sleep_for(std::chrono::duration<double>(script.pause_s));
    if (stopping_ || !send_all(socket, script.pieces[i])) return false;
  }
  if (script.end == Script::End::Hold) wait_for_input(socket);
  return script.end == Script::End::KeepAlive;
}

}  // namespace placewright::llm
