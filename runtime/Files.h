//===- Files.h - Whole files in memory ------------------------------------------===//
#pragma once
#include <stdint.h>

namespace burin_rt {

/// The bytes of an ordinary file of at most `most` bytes, to be freed. Null: an error was printed under `code`.
char *readFile(const char *path, uint64_t most, uint64_t &size, const char *code, const char *help);
/// Opens an ordinary file for reading and gives its size. -1: an error was printed under `code`. `target`, if there is
/// one, is opened in place of `path`, and must be no link.
int openFile(const char *path, uint64_t &size, const char *code, const char *help, const char *target = nullptr);
/// All of `size` bytes at a place of the file, or false.
bool readAt(int file, void *out, uint64_t size, uint64_t offset);
/// What the system says of an open file's content: another size or time after it was changed.
struct Stamp {
  int64_t size, seconds, nanoseconds;
  explicit Stamp(int file);
  bool operator==(const Stamp &) const = default;
};

} // namespace burin_rt
