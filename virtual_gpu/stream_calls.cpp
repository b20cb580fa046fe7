// SPDX-License-Identifier: Apache-2.0
#include "calls.h"
#include "driver.h"

namespace placewright::vgpu {
namespace {

/// How long a query waits for its answer. The runtime polls continuously; without this wait it
/// would take the cores away from working threads.
constexpr std::chrono::microseconds kQueryPatience{20};

/// A CUevent: the marker of its last recording, none before the first one.
class Event {
 public:
  [[nodiscard]] MarkerPtr marker() const {
    std::lock_guard lock(mutex_);
    return marker_;
  }
  void set(MarkerPtr marker) {
    std::lock_guard lock(mutex_);
    marker_ = std::move(marker);
  }

 private:
  mutable std::mutex mutex_;
  MarkerPtr marker_;
};

MarkerPtr marker_of(void* event) { return static_cast<Event*>(event)->marker(); }

/// Marks the end of everything now in the device's streams.
MarkerPtr record_device(Device& device) {
  std::lock_guard lock(device.mutex);
  return driver()->timeline.record({device.streams.begin(), device.streams.end()});
}

int query(const MarkerPtr& marker) {
  if (!marker || driver()->timeline.wait(marker, kQueryPatience)) return kSuccess;
  return kNotReady;
}

}  // namespace

int stream_create(void** stream, unsigned flags) {
  return stream_create_with_priority(stream, flags, 0);
}

int stream_create_with_priority(void** stream, unsigned, int) {
  Device* const device = current_device();
  if (device == nullptr) return kInvalidContext;
  auto* created = new Stream(device->ordinal);
  std::lock_guard lock(device->mutex);
  device->streams.insert(created);
  *stream = created;
  return kSuccess;
}

int stream_destroy(void* handle) {
  auto* stream = static_cast<Stream*>(handle);
  if (stream == nullptr) return kInvalidHandle;
  Device& device = *driver()->device(stream->device());
  {
    std::lock_guard lock(device.mutex);
    if (stream == device.default_stream || device.streams.erase(stream) == 0) {
      return kInvalidHandle;
    }
  }
  driver()->timeline.destroy(stream);
  return kSuccess;
}

int stream_synchronize(void* handle) {
  Stream* const stream = resolve_stream(handle);
  if (stream == nullptr) return kInvalidHandle;
  Timeline& timeline = driver()->timeline;
  timeline.wait(timeline.record({stream}));
  return kSuccess;
}

int stream_query(void* handle) {
  Stream* const stream = resolve_stream(handle);
  if (stream == nullptr) return kInvalidHandle;
  return query(driver()->timeline.record({stream}));
}

int stream_wait_event(void* handle, void* event, unsigned) {
  Stream* const stream = resolve_stream(handle);
  if (stream == nullptr || event == nullptr) return kInvalidHandle;
  if (MarkerPtr marker = marker_of(event)) {
    driver()->timeline.enqueue(*stream, {.wait_for = std::move(marker)});
  }
  return kSuccess;
}

int stream_add_callback(void* handle, HostCallback callback, void* argument, unsigned) {
  Stream* const stream = resolve_stream(handle);
  if (stream == nullptr) return kInvalidHandle;
  driver()->timeline.enqueue(*stream, {.work = [=] { callback(handle, kSuccess, argument); }});
  return kSuccess;
}

int launch_host_func(void* handle, HostFunction function, void* argument) {
  Stream* const stream = resolve_stream(handle);
  if (stream == nullptr) return kInvalidHandle;
  driver()->timeline.enqueue(*stream, {.work = [=] { function(argument); }});
  return kSuccess;
}

int ctx_synchronize() { return ctx_synchronize_of(current_device()); }

int ctx_synchronize_of(void* context) {
  if (driver() == nullptr) return kNotInitialized;
  Device* const device = driver()->context_device(context);
  if (device == nullptr) return kInvalidContext;
  driver()->timeline.wait(record_device(*device));
  return kSuccess;
}

int ctx_record_event(void* context, void* event) {
  Device* const device = driver()->context_device(context);
  if (device == nullptr) return kInvalidContext;
  static_cast<Event*>(event)->set(record_device(*device));
  return kSuccess;
}

int event_create(void** event, unsigned) {
  *event = new Event;
  return kSuccess;
}

int event_destroy(void* event) {
  delete static_cast<Event*>(event);
  return kSuccess;
}

int event_record(void* event, void* handle) {
  Stream* const stream = resolve_stream(handle);
  if (stream == nullptr || event == nullptr) return kInvalidHandle;
  static_cast<Event*>(event)->set(driver()->timeline.record({stream}));
  return kSuccess;
}

int event_query(void* event) { return event == nullptr ? kInvalidHandle : query(marker_of(event)); }

int event_synchronize(void* event) {
  if (event == nullptr) return kInvalidHandle;
  if (const MarkerPtr marker = marker_of(event)) driver()->timeline.wait(marker);
  return kSuccess;
}

int event_elapsed_time(float* milliseconds, void* start, void* end) {
  const MarkerPtr first = marker_of(start);
  const MarkerPtr last = marker_of(end);
  if (!first || !last) return kInvalidHandle;
  if (!first->done() || !last->done()) return kNotReady;
  *milliseconds = std::chrono::duration<float, std::milli>(last->end() - first->end()).count();
  return kSuccess;
}

}  // namespace placewright::vgpu
