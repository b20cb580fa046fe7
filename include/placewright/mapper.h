// SPDX-License-Identifier: Apache-2.0
// Runs a Legion program under a mapping from within: link `placewright_legion` and call
// install_mapper() before Legion::Runtime::start. Use `placewright run` instead for a program that
// must stay unchanged.
#pragma once

#include <string>

#define PLACEWRIGHT_EXPORT __attribute__((visibility("default")))

namespace placewright {

/// Installs the mapping as the default mapper of all local processors once Legion has started. The
/// environment variable PLACEWRIGHT_MAPPING, if set, names another file, so that `placewright run`
/// works with such a program too. If the mapping has errors, the program exits with status 1 and
/// the compiler's messages when Legion starts. Call it once, before Legion::Runtime::start.
///
/// Example:
///   placewright::install_mapper("expert.mapping");
///   return Legion::Runtime::start(argc, argv);
PLACEWRIGHT_EXPORT void install_mapper(const std::string& mapping_path);

}  // namespace placewright
