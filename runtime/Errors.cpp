#include "runtime/Errors.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {

void printText(const char *text) {
  for (; *text; ++text)
    fputc(static_cast<unsigned char>(*text) < 32 || *text == 127 ? '?' : *text, stderr);
}

// What a message quotes may be any text; what is too long is cut.
static void print(const char *code, const char *message, va_list list) {
  char text[2048];
  int length = vsnprintf(text, sizeof text, message, list);
  fflush(stdout);
  fprintf(stderr, "%s[%s]: ", *code == 'W' ? "warning" : "error", code);
  printText(text);
  fputs(length < int(sizeof text) ? "\n" : "…\n", stderr);
}

static void printHelpLine(const char *help) {
  if (help)
    fprintf(stderr, "  = help: %s\n", help);
}

bool error(const char *code, const char *help, const char *message, ...) {
  va_list list;
  va_start(list, message);
  print(code, message, list);
  va_end(list);
  printHelpLine(help);
  return false;
}

bool errorAt(const char *code, Place place, const char *help, const char *message, ...) {
  va_list list;
  va_start(list, message);
  print(code, message, list);
  va_end(list);
  fputs("  --> ", stderr);
  printText(place.file);
  if (place.line)
    fprintf(stderr, ":%llu:%llu", static_cast<unsigned long long>(place.line),
            static_cast<unsigned long long>(place.column));
  fputc('\n', stderr);
  printHelpLine(help);
  return false;
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

const char *nearest(const char *word, uint32_t count, const char *(*name)(const void *, uint32_t),
                    const void *context) {
  unsigned best = unsigned(strlen(word)) / 3 + 2;
  const char *found = nullptr;
  for (uint32_t i = 0; i < count; ++i)
    if (unsigned d = distance(word, name(context, i)); d < best)
      best = d, found = name(context, i);
  return found;
}

void *allocate(uint64_t bytes, const char *what) {
  constexpr uint64_t most = uint64_t(1) << 46; // beyond any machine's; below it sums of sizes can't wrap
  void *p = nullptr;
  if (bytes <= most && posix_memalign(&p, 64, bytes ? (bytes + 63) / 64 * 64 : 64) == 0)
    return p;
  error("E0510", "use a machine with more memory, or smaller sizes", "there is no memory for %s: %llu bytes", what,
        static_cast<unsigned long long>(bytes));
  return nullptr;
}

} // namespace burin_rt
