// SPDX-License-Identifier: Apache-2.0
// The one modelled network of the process: its model, the shared links, the process at each UCX
// endpoint, the arrivals waiting for each worker, and what was sent. It exists if
// PLACEWRIGHT_NETWORK names the file shared by the processes of the run; its numbers come from the
// machine table.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "arrivals.h"
#include "links.h"

namespace placewright::network {

class Network {
 public:
  Network(SharedLinks& links, int process, double bandwidth, double latency_s, double time_scale);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// The process's network, or null without PLACEWRIGHT_NETWORK. Ends the process with a one-line
  /// message if the variable is set but the machine table has no network.
  [[nodiscard]] static Network* get();

  [[nodiscard]] int process() const { return process_; }
  void enter_own_address(const void* address, std::size_t length);
  void note_endpoint(const void* endpoint, int process);
  void note_endpoint_address(const void* endpoint, const void* address);

  /// Reserves the links for one message and returns its arrival time; 0, meaning now, if the
  /// process at the endpoint is unknown.
  [[nodiscard]] Time send(const void* endpoint, std::uint64_t bytes);

  [[nodiscard]] Arrivals& arrivals(const void* worker);

  /// `{"process": ..., "sent": [...], "lateness": {...}}`; times are modelled except the lateness.
  [[nodiscard]] std::string statistics();

 private:
  struct Traffic {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0;
    double modelled_s = 0;
  };

  SharedLinks& links_;
  const int process_;
  const double bandwidth_, latency_s_, time_scale_;
  std::shared_mutex mutex_;  ///< Protects the two maps.
  std::unordered_map<const void*, int> endpoints_;
  std::unordered_map<const void*, std::unique_ptr<Arrivals>> arrivals_;
  std::mutex traffic_mutex_;
  std::map<int, Traffic> traffic_;
};

}  // namespace placewright::network
