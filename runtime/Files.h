//===- Files.h - Whole files in memory ------------------------------------------===//
#pragma once
#include <stdint.h>

namespace burin_rt {

/// An ordinary file's bytes and a NUL after them, to be freed. Null: an error was printed under `code`.
char *readFile(const char *path, uint64_t &size, const char *code, const char *help);
/// Opens an ordinary file for reading and gives its size. -1: an error was printed under `code`.
int openFile(const char *path, uint64_t &size, const char *code, const char *help);
/// All of `size` bytes at a place of the file, or false.
bool readAt(int file, void *out, uint64_t size, uint64_t offset);

} // namespace burin_rt
