// SPDX-License-Identifier: Apache-2.0
// What the parts of the preload library share. They stand in for Legion's functions and must not
// depend on Legion.
#pragma once

#include <dlfcn.h>

#include <cstddef>

#define PRELOAD_EXPORT extern "C" __attribute__((visibility("default")))

namespace placewright::preload {

/// The function of this name in the libraries after this one.
template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

/// The plug-in's functions for fills (record_hooks.h); only in a run that is recorded.
using NoteFill = void (*)(void* context, const void* region, const unsigned* fields, size_t count);
using NoteIndexFill = void (*)(void* runtime, void* context, const void* launcher);
extern NoteFill note_fill;
extern NoteIndexFill note_index_fill;

}  // namespace placewright::preload
