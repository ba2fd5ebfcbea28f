// In place of the C library's pread (linked with --wrap=pread): before the CHANGE_AT-th call `sh -c $CHANGE` changes files.
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

ssize_t __real_pread(int file, void *out, size_t size, off_t offset);

ssize_t __wrap_pread(int file, void *out, size_t size, off_t offset) {
  static int calls;
  const char *change = getenv("CHANGE"), *at = getenv("CHANGE_AT");
  if (change && at && ++calls == atoi(at) && system(change) != 0)
    abort();
  return __real_pread(file, out, size, offset);
}
