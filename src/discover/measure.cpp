// SPDX-License-Identifier: Apache-2.0
#include "discover/measure.h"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "support/statistics.h"

namespace placewright::discover {
namespace {

constexpr int kRepetitions = 7;
constexpr int kWakes = 1000;
constexpr size_t kRounds = size_t{1} << 20;

double now_s() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

/// One more, which warms up, is not counted.
Spread repeat(const std::function<double()>& measure) {
  (void)measure();
  std::vector<double> values;
  for (int i = 0; i < kRepetitions; ++i) values.push_back(measure());
  const auto [least, most] = std::ranges::minmax(values);
  return {median(std::move(values)), least, most};
}

/// Results go here, so that they must be computed.
volatile double sink = 0;

struct Arrays {
  explicit Arrays(size_t count) : a(count, 0), b(count, 1), c(count, 2) {}
  void add() {
    for (size_t i = 0; i < a.size(); ++i) a[i] = b[i] + 3 * c[i];
  }
  std::vector<double> a, b, c;
};

template <class T>
struct Vector {
  /// As wide as the widest registers; the compiler takes several of narrower ones.
  using Type [[gnu::vector_size(64)]] = T;
};

/// So many independent chains as hide the latency of an instruction and fit into registers.
template <class T, size_t... kChains>
[[gnu::always_inline]] inline double multiply_and_add(size_t rounds,
                                                      std::index_sequence<kChains...>) {
  using Wide = typename Vector<T>::Type;
  // All differ: equal chains would be computed once.
  Wide sums[] = {(Wide{} + static_cast<T>(kChains))...};
  const Wide factor = Wide{} + static_cast<T>(0.999), term = Wide{} + static_cast<T>(0.001);
  // Written out, so that no sum is kept in memory.
  for (size_t i = 0; i < rounds; ++i) ((sums[kChains] = sums[kChains] * factor + term), ...);
  return (static_cast<double>(sums[kChains][0]) + ...);
}

template <class T>
double count_operations(size_t chains, size_t rounds) {
  constexpr double kLanes = 64 / sizeof(T);
  return 2 * kLanes * static_cast<double>(chains) * static_cast<double>(rounds);
}

// Twelve, six and three: chains of four, two and one register, of 32, 16 and 16.
constexpr size_t kWidestChains = 12, kWideChains = 6, kNarrowChains = 3;

template <class T>
double narrow(size_t rounds) {
  return multiply_and_add<T>(rounds, std::make_index_sequence<kNarrowChains>());
}

#if defined(__x86_64__)
template <class T>
[[gnu::target("avx512f")]] double widest(size_t rounds) {
  return multiply_and_add<T>(rounds, std::make_index_sequence<kWidestChains>());
}
template <class T>
[[gnu::target("avx2,fma")]] double wide(size_t rounds) {
  return multiply_and_add<T>(rounds, std::make_index_sequence<kWideChains>());
}
#endif

/// Operations per second.
template <class T>
double rate() {
  const auto time = [](double (*run)(size_t), size_t chains) {
    const double begin_s = now_s();
    sink = sink + run(kRounds);
    return count_operations<T>(chains, kRounds) / (now_s() - begin_s);
  };
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") != 0) return time(widest<T>, kWidestChains);
  if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0)
    return time(wide<T>, kWideChains);
#endif
  return time(narrow<T>, kNarrowChains);
}

}  // namespace

Spread memory_bandwidth(int threads, size_t bytes) {
  const size_t count = std::max<size_t>(1, bytes / sizeof(double) / 3);
  const double moved = 3.0 * sizeof(double) * static_cast<double>(count) * threads;
  std::vector<double> begins(kRepetitions + 1), ends(kRepetitions + 1);
  std::barrier together(threads);
  const auto work = [&](int number) {
    Arrays arrays(count);
    for (size_t i = 0; i < begins.size(); ++i) {
      together.arrive_and_wait();
      if (number == 0) begins[i] = now_s();
      arrays.add();
      together.arrive_and_wait();
      if (number == 0) ends[i] = now_s();
    }
    if (number == 0) sink = sink + arrays.a[count / 2];
  };
  std::vector<std::thread> others;
  for (int number = 1; number < threads; ++number) others.emplace_back(work, number);
  work(0);
  for (std::thread& each : others) each.join();
  size_t next = 0;
  return repeat([&] {
    const double rate = moved / (ends[next] - begins[next]);
    ++next;
    return rate;
  });
}

Spread fp32_rate() { return repeat(rate<float>); }
Spread fp64_rate() { return repeat(rate<double>); }

Spread wake_time() {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_other_s_turn = false;
  std::thread other([&] {
    std::unique_lock lock(mutex);
    for (int i = 0; i < (kRepetitions + 1) * kWakes; ++i) {
      changed.wait(lock, [&] { return is_other_s_turn; });
      is_other_s_turn = false;
      changed.notify_one();
    }
  });
  const Spread spread = repeat([&] {
    const double begin_s = now_s();
    for (int i = 0; i < kWakes; ++i) {
      std::unique_lock lock(mutex);
      is_other_s_turn = true;
      changed.notify_one();
      changed.wait(lock, [&] { return !is_other_s_turn; });
    }
    return (now_s() - begin_s) / (2 * kWakes);
  });
  other.join();
  return spread;
}

}  // namespace placewright::discover
