// SPDX-License-Identifier: Apache-2.0
// Logs in Legion's format, made by hand.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace placewright::profile {

/// A file that goes with the object.
class WrittenLog {
 public:
  explicit WrittenLog(std::string head) : text_(std::move(head)) {}
  ~WrittenLog() { std::filesystem::remove(path()); }
  WrittenLog(const WrittenLog&) = delete;
  WrittenLog& operator=(const WrittenLog&) = delete;

  template <class T>
  WrittenLog& put(T value) {
    text_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  WrittenLog& put_text(const std::string& text) {
    text_.append(text.c_str(), text.size() + 1);
    return *this;
  }
  /// The bytes so far but for the last `dropped`.
  const std::string& write(size_t dropped = 0) {
    std::ofstream(path_, std::ios::binary) << text_.substr(0, text_.size() - dropped);
    return path_;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string text_;
  std::string path_ = (std::filesystem::temp_directory_path() /
                       ("placewright-log-" + std::to_string(getpid()) + "-" +
                        std::to_string(reinterpret_cast<uintptr_t>(this))))
                          .string();
};

}  // namespace placewright::profile
