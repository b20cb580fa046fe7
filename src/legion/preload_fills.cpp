// SPDX-License-Identifier: Apache-2.0
// Stands in for Legion's functions that fill regions. It needs the sizes of Legion's types, which it
// takes from headers, and none of Legion's functions.
#include <set>
#include <vector>

#include "legion.h"
#include "legion/preload.h"

// Mangled names of the runtime's C++ functions.
#define FILL "_ZN6Legion7Runtime10fill_fieldEPNS_8Internal11TaskContextENS_13LogicalRegionES4_j"
#define FILLS                                                                                 \
  "_ZN6Legion7Runtime11fill_fieldsEPNS_8Internal11TaskContextENS_13LogicalRegionES4_RKSt3set" \
  "IjSt4lessIjESaIjEE"
#define FILL_AS "_ZN6Legion7Runtime11fill_fieldsEPNS_8Internal11TaskContextERKNS_"
#define OF_FUTURE "NS_6FutureENS_9PredicateE"
#define OF_VALUE "PKvmNS_9PredicateE"

using Legion::FillLauncher;
using Legion::IndexFillLauncher;
using Legion::LogicalRegion;
using placewright::preload::next;
using placewright::preload::note_fill;
using placewright::preload::note_index_fill;

namespace placewright::preload {
NoteFill note_fill = nullptr;
NoteIndexFill note_index_fill = nullptr;
}  // namespace placewright::preload

namespace {

using Fields = std::set<Legion::FieldID>;
// Passed in registers or copied to the stack, as the caller has it.
static_assert(std::is_trivially_copyable_v<LogicalRegion>);

void note(void* context, const LogicalRegion& region, const Fields& fields) {
  if (note_fill == nullptr) return;
  const std::vector<unsigned> list(fields.begin(), fields.end());
  note_fill(context, &region, list.data(), list.size());
}

}  // namespace

// Futures and predicates are classes with destructors: arguments that are addresses of the caller's.

PRELOAD_EXPORT void placewright_fill_with_future(void* runtime, void* context, LogicalRegion region,
                                                 LogicalRegion parent, unsigned field, void* future,
                                                 void* predicate) __asm__(FILL OF_FUTURE);
void placewright_fill_with_future(void* runtime, void* context, LogicalRegion region,
                                  LogicalRegion parent, unsigned field, void* future,
                                  void* predicate) {
  note(context, region, {field});
  next<void (*)(void*, void*, LogicalRegion, LogicalRegion, unsigned, void*, void*)>(
      FILL OF_FUTURE)(runtime, context, region, parent, field, future, predicate);
}

PRELOAD_EXPORT void placewright_fill_with_value(void* runtime, void* context, LogicalRegion region,
                                                LogicalRegion parent, unsigned field,
                                                const void* value, size_t size,
                                                void* predicate) __asm__(FILL OF_VALUE);
void placewright_fill_with_value(void* runtime, void* context, LogicalRegion region,
                                 LogicalRegion parent, unsigned field, const void* value,
                                 size_t size, void* predicate) {
  note(context, region, {field});
  next<void (*)(void*, void*, LogicalRegion, LogicalRegion, unsigned, const void*, size_t, void*)>(
      FILL OF_VALUE)(runtime, context, region, parent, field, value, size, predicate);
}

PRELOAD_EXPORT void placewright_fill_fields_with_future(void* runtime, void* context,
                                                        LogicalRegion region, LogicalRegion parent,
                                                        const Fields& fields, void* future,
                                                        void* predicate) __asm__(FILLS OF_FUTURE);
void placewright_fill_fields_with_future(void* runtime, void* context, LogicalRegion region,
                                         LogicalRegion parent, const Fields& fields, void* future,
                                         void* predicate) {
  note(context, region, fields);
  next<void (*)(void*, void*, LogicalRegion, LogicalRegion, const Fields&, void*, void*)>(
      FILLS OF_FUTURE)(runtime, context, region, parent, fields, future, predicate);
}

PRELOAD_EXPORT void placewright_fill_fields_with_value(void* runtime, void* context,
                                                       LogicalRegion region, LogicalRegion parent,
                                                       const Fields& fields, const void* value,
                                                       size_t size,
                                                       void* predicate) __asm__(FILLS OF_VALUE);
void placewright_fill_fields_with_value(void* runtime, void* context, LogicalRegion region,
                                        LogicalRegion parent, const Fields& fields,
                                        const void* value, size_t size, void* predicate) {
  note(context, region, fields);
  next<void (*)(void*, void*, LogicalRegion, LogicalRegion, const Fields&, const void*, size_t,
                void*)>(FILLS OF_VALUE)(runtime, context, region, parent, fields, value, size,
                                        predicate);
}

PRELOAD_EXPORT void placewright_fill_as(void* runtime, void* context,
                                        const FillLauncher& launcher) __asm__(FILL_AS
                                                                              "12FillLauncherE");
void placewright_fill_as(void* runtime, void* context, const FillLauncher& launcher) {
  note(context, launcher.handle, launcher.fields);
  next<void (*)(void*, void*, const FillLauncher&)>(FILL_AS "12FillLauncherE")(runtime, context,
                                                                               launcher);
}

PRELOAD_EXPORT void placewright_fill_index(
    void* runtime, void* context,
    const IndexFillLauncher& launcher) __asm__(FILL_AS "17IndexFillLauncherE");
void placewright_fill_index(void* runtime, void* context, const IndexFillLauncher& launcher) {
  if (note_index_fill != nullptr) note_index_fill(runtime, context, &launcher);
  next<void (*)(void*, void*, const IndexFillLauncher&)>(FILL_AS "17IndexFillLauncherE")(
      runtime, context, launcher);
}
