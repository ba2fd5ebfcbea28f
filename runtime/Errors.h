//===- Errors.h - Failures, said in the user's terms ---------------------------===//
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace burin_rt {

/// Prints `error[CODE]: message` (of a code that begins with W: `warning`), and `= help:` if there is one. Formats as
/// printf. False, for `return error(…)`.
bool error(const char *code, const char *help, const char *message, ...) __attribute__((format(printf, 3, 4)));
/// A place in a file; line 0: the whole file.
struct Place {
  const char *file;
  uint64_t line = 0, column = 0;
};
/// The same with `--> file:line:column`.
bool errorAt(const char *code, Place place, const char *help, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
/// Text from a file on standard error: control characters, which could command a terminal, are shown as `?`.
void printText(const char *text);
/// The nearest of `count` names by edit distance, if near enough to be meant; else null. `name(context, i)` gives the
/// candidates.
const char *nearest(const char *word, uint32_t count, const char *(*name)(const void *, uint32_t), const void *context);

/// Memory that is 64-byte aligned, readable up to the next multiple of 64 bytes and given back by `free`. Null: an
/// error was printed.
void *allocate(uint64_t bytes, const char *what);
/// `count` zeroed values. Null: an error was printed.
template <typename T> T *allocateZeroed(uint64_t count, const char *what);
/// `count` values as their type makes them; a type without a destructor. Null: an error was printed.
template <typename T> T *allocate(uint64_t count, const char *what);

} // namespace burin_rt

template <typename T> T *burin_rt::allocateZeroed(uint64_t count, const char *what) {
  void *p = allocate(count > UINT64_MAX / sizeof(T) ? UINT64_MAX : count * sizeof(T), what);
  return static_cast<T *>(p ? __builtin_memset(p, 0, count * sizeof(T)) : nullptr);
}

template <typename T> T *burin_rt::allocate(uint64_t count, const char *what) {
  T *values = allocateZeroed<T>(count, what);
  for (uint64_t i = 0; values && i < count; ++i)
    values[i] = T();
  return values;
}
