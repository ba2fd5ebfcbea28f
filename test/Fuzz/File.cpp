// One file in memory, in place of the system's.
#include "test/Fuzz/Fuzz.h"
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

static const uint8_t *bytes;
static size_t length;

void fuzz::setFile(const uint8_t *data, size_t size) { bytes = data, length = size; }

extern "C" {
int __real_open(const char *path, int flags, ...);
int __real_close(int file);
int __real_fstat(int file, struct stat *out);
ssize_t __real_pread(int file, void *out, size_t size, off_t offset);

int __wrap_open(const char *path, int flags, ...) {
  if (!strcmp(path, fuzz::path))
    return fuzz::descriptor;
  va_list list;
  va_start(list, flags);
  int mode = va_arg(list, int);
  va_end(list);
  return __real_open(path, flags, mode);
}

int __wrap_close(int file) { return file == fuzz::descriptor ? 0 : __real_close(file); }

int __wrap_fstat(int file, struct stat *out) {
  if (file != fuzz::descriptor)
    return __real_fstat(file, out);
  *out = {};
  out->st_mode = S_IFREG, out->st_size = off_t(length);
  return 0;
}

ssize_t __wrap_pread(int file, void *out, size_t size, off_t offset) {
  if (file != fuzz::descriptor)
    return __real_pread(file, out, size, offset);
  size_t start = size_t(offset) < length ? size_t(offset) : length,
         count = size < length - start ? size : length - start;
  memcpy(out, bytes + start, count);
  return ssize_t(count);
}
}
