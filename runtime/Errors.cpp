#include "runtime/Errors.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {

static void finish(const char *help) {
  fputc('\n', stderr);
  if (help)
    fprintf(stderr, "  = help: %s\n", help);
}

void error(const char *code, const char *help, const char *message, ...) {
  fflush(stdout);
  fprintf(stderr, "error[%s]: ", code);
  va_list list;
  va_start(list, message);
  vfprintf(stderr, message, list);
  va_end(list);
  finish(help);
}

void errorAt(const char *code, const char *file, uint64_t line, uint64_t column, const char *help, const char *message, ...) {
  fflush(stdout);
  fprintf(stderr, "error[%s]: ", code);
  va_list list;
  va_start(list, message);
  vfprintf(stderr, message, list);
  va_end(list);
  if (line)
    fprintf(stderr, "\n  --> %s:%llu:%llu", file, static_cast<unsigned long long>(line), static_cast<unsigned long long>(column));
  else
    fprintf(stderr, "\n  --> %s", file);
  finish(help);
}

static unsigned distance(const char *a, const char *b) {
  constexpr unsigned most = 64;
  unsigned row[most + 1], n = unsigned(strlen(b));
  if (n > most || strlen(a) > most)
    return most;
  for (unsigned j = 0; j <= n; ++j)
    row[j] = j;
  for (unsigned i = 1; a[i - 1]; ++i) {
    unsigned before = row[0];
    row[0] = i;
    for (unsigned j = 1; j <= n; ++j) {
      unsigned old = row[j], best = before + (a[i - 1] != b[j - 1]);
      best = best < old + 1 ? best : old + 1;
      row[j] = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
      before = old;
    }
  }
  return row[n];
}

const char *nearest(const char *word, uint32_t count, const char *(*name)(const void *, uint32_t), const void *context) {
  unsigned best = unsigned(strlen(word)) / 3 + 2;
  const char *found = nullptr;
  for (uint32_t i = 0; i < count; ++i)
    if (unsigned d = distance(word, name(context, i)); d < best)
      best = d, found = name(context, i);
  return found;
}

void *allocate(uint64_t bytes, const char *what) {
  void *p = nullptr;
  uint64_t size = (bytes + 127) / 64 * 64; // readable to the next multiple of 64, and never empty
  if (bytes > (uint64_t(1) << 46) || posix_memalign(&p, 64, size) != 0) {
    error("E0510", "use a machine with more memory, or smaller sizes", "there is no memory for %s: %llu bytes", what, static_cast<unsigned long long>(bytes));
    return nullptr;
  }
  return p;
}

} // namespace burin_rt
