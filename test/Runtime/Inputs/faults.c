// In front of the C library (LD_PRELOAD): the FAULT_AT-th of the calls that change files fails with FAULT_ERRNO, or writes half if
// that is 0; or the process is killed (or sent FAULT_SIGNAL) at it, with FAULT_KILL before or after it. Calls are counted together; FAULT_CALL counts one
// kind alone. FAULT_COUNT: a file that gets the number of calls when the process ends.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static long calls;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static void die(void) { kill(getpid(), *setting("FAULT_SIGNAL") ? atoi(setting("FAULT_SIGNAL")) : SIGKILL); }

// Whether this call is the one.
static int hits(const char *kind) {
  const char *only = setting("FAULT_CALL");
  if (*only && strcmp(only, kind))
    return 0;
  if (++calls != atol(setting("FAULT_AT")))
    return 0;
  if (!strcmp(setting("FAULT_KILL"), "before"))
    die();
  return 1;
}

#define FAIL_OR(real)                                                                                                  \
  do {                                                                                                                 \
    if (*setting("FAULT_KILL")) {                                                                                      \
      long result = (real);                                                                                            \
      die();                                                                                                           \
      return result;                                                                                                   \
    }                                                                                                                  \
    errno = atoi(setting("FAULT_ERRNO"));                                                                              \
    return -1;                                                                                                         \
  } while (0)

static int isFile(int fd) {
  struct stat status;
  return fd > 2 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

ssize_t write(int fd, const void *bytes, size_t n) {
  if (isFile(fd) && hits("write")) {
    if (!*setting("FAULT_KILL") && !atoi(setting("FAULT_ERRNO")))
      return syscall(SYS_write, fd, bytes, (n + 1) / 2);
    FAIL_OR(syscall(SYS_write, fd, bytes, *setting("FAULT_KILL") ? (n + 1) / 2 : n));
  }
  return syscall(SYS_write, fd, bytes, n);
}

int fsync(int fd) {
  if (hits("fsync"))
    FAIL_OR(syscall(SYS_fsync, fd));
  return 0; // the tests do not cut the power
}

int rename(const char *from, const char *to) {
  if (hits("rename"))
    FAIL_OR(syscall(SYS_rename, from, to));
  return (int)syscall(SYS_rename, from, to);
}

int fchmod(int fd, mode_t mode) {
  if (hits("fchmod"))
    FAIL_OR(syscall(SYS_fchmod, fd, mode));
  return (int)syscall(SYS_fchmod, fd, mode);
}

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = flags & O_CREAT ? va_arg(list, mode_t) : 0;
  va_end(list);
  if ((flags & (O_CREAT | O_DIRECTORY)) && hits("open"))
    FAIL_OR(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

__attribute__((destructor)) static void report(void) {
  const char *path = setting("FAULT_COUNT");
  FILE *f = *path ? fopen(path, "w") : NULL;
  if (f)
    fprintf(f, "%ld\n", calls), fclose(f);
}
