#include "runtime/Files.h"
#include "runtime/Errors.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace burin_rt {

int openFile(const char *path, uint64_t &size, const char *code, const char *help, const char *target) {
  int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK; // a pipe must not hang us before it is refused
  int file = open(target ? target : path, target ? flags | O_NOFOLLOW : flags);
  struct stat status;
  if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    errorAt(code, {path}, help, "can't read the file: %s", file < 0 ? strerror(errno) : "it is no ordinary file");
    if (file >= 0)
      close(file);
    return -1;
  }
  size = uint64_t(status.st_size);
  return file;
}

bool readAt(int file, void *out, uint64_t size, uint64_t offset) {
  char *p = static_cast<char *>(out);
  while (size > 0) {
    ssize_t n = pread(file, p, size, off_t(offset));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    p += n, offset += uint64_t(n), size -= uint64_t(n);
  }
  return true;
}

Stamp::Stamp(int file) {
  struct stat status = {};
  fstat(file, &status);
  size = status.st_size, seconds = status.st_mtim.tv_sec, nanoseconds = status.st_mtim.tv_nsec;
}

char *readFile(const char *path, uint64_t most, uint64_t &size, const char *code, const char *help) {
  int file = openFile(path, size, code, help);
  if (file < 0)
    return nullptr;
  const char *reason = size > most ? "it is larger than what is wanted" : nullptr;
  char *text = reason ? nullptr : static_cast<char *>(allocate(size, path));
  Stamp before(file);
  if (text && !(readAt(file, text, size, 0) && before == Stamp(file)))
    reason = "it changed while it was read, or its disk fails";
  close(file);
  if (!reason)
    return text;
  free(text);
  errorAt(code, {path}, help, "can't read the file: %s", reason);
  return nullptr;
}

} // namespace burin_rt
