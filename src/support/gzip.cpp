// SPDX-License-Identifier: Apache-2.0
#include "support/gzip.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>

#include "support/check.h"

namespace placewright {
namespace {

constexpr size_t kBlock = size_t{1} << 16;
/// zlib's numbers: the largest window, and a gzip header.
constexpr int kWindow = 15 + 16;
constexpr int kMemoryLevel = 8;

class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  z_stream* operator->() { return &stream_; }
  z_stream* get() { return &stream_; }

  /// zlib reads no byte through its pointer that is not const.
  void give(std::string_view& rest) {
    const size_t count = std::min<size_t>(rest.size(), std::numeric_limits<uInt>::max());
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));
    stream_.avail_in = static_cast<uInt>(count);
    rest.remove_prefix(count);
  }

 private:
  z_stream stream_{};
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

std::string gzip(std::string_view text) {
  Stream stream;
  PLACEWRIGHT_CHECK(deflateInit2(stream.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindow,
                                 kMemoryLevel, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string bytes;
  std::array<char, kBlock> block{};
  int state = Z_OK;
  while (state != Z_STREAM_END) {
    if (stream->avail_in == 0) stream.give(text);
    stream->next_out = reinterpret_cast<Bytef*>(block.data());
    stream->avail_out = kBlock;
    state = deflate(stream.get(), text.empty() ? Z_FINISH : Z_NO_FLUSH);
    bytes.append(block.data(), kBlock - stream->avail_out);
  }
  deflateEnd(stream.get());
  return bytes;
}

Result<std::string> gunzip(std::string_view bytes, uint64_t most_bytes) {
  Stream stream;
  PLACEWRIGHT_CHECK(inflateInit2(stream.get(), kWindow) == Z_OK);
  std::string text;
  std::array<char, kBlock> block{};
  int state = Z_OK;
  while (state == Z_OK && text.size() <= most_bytes) {
    if (stream->avail_in == 0) stream.give(bytes);
    stream->next_out = reinterpret_cast<Bytef*>(block.data());
    stream->avail_out = kBlock;
    state = inflate(stream.get(), Z_NO_FLUSH);
    text.append(block.data(), kBlock - stream->avail_out);
  }
  const bool has_more = stream->avail_in > 0 || !bytes.empty();
  inflateEnd(stream.get());
  if (text.size() > most_bytes)
    return fail(fmt::format("it has more than {} bytes when unpacked", most_bytes));
  if (state == Z_BUF_ERROR) return fail("it is cut off");
  if (state != Z_STREAM_END) return fail("it is damaged");
  if (has_more) return fail("something follows its end");
  return text;
}

}  // namespace placewright
