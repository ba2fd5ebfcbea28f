//===- Errors.h - Failures, said in the user's terms ---------------------------===//
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace burin_rt {

/// Prints `error[CODE]: message`, and `= help:` if there is one. Formats as printf.
void error(const char *code, const char *help, const char *message, ...) __attribute__((format(printf, 3, 4)));
/// The same with a place in a file.
void errorAt(const char *code, const char *file, uint64_t line, uint64_t column, const char *help, const char *message, ...)
    __attribute__((format(printf, 6, 7)));
/// The nearest of `count` names by edit distance, if near enough to be meant; else null. `name(i)` gives the candidates.
const char *nearest(const char *word, uint32_t count, const char *(*name)(const void *, uint32_t), const void *context);

/// Memory that is given back when the process ends. Null when there is none, or the size is absurd; says so.
void *allocate(uint64_t bytes, const char *what);

} // namespace burin_rt
