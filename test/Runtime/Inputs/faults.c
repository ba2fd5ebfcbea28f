// In front of the C library (LD_PRELOAD): the FAULT_AT-th of the calls that change files fails with FAULT_ERRNO, or writes half if
// that is 0; or the process is killed (or sent FAULT_SIGNAL) at it, with FAULT_KILL before or after it. Calls are counted together; FAULT_CALL counts one
// kind alone; only so are reading (pread) and taking memory (allocate) counted. FAULT_COUNT: a file that gets the number of calls when the process ends.
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
#include <time.h>
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
  int changes = strcmp(kind, "pread") && strcmp(kind, "allocate");
  if (*only ? strcmp(only, kind) : !changes)
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

ssize_t pread(int fd, void *bytes, size_t n, off_t at) {
  if (hits("pread"))
    FAIL_OR(syscall(SYS_pread64, fd, bytes, n, at));
  return syscall(SYS_pread64, fd, bytes, n, at);
}

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t), *__libc_memalign(size_t, size_t);

#define ALLOCATE(real) return hits("allocate") ? (errno = ENOMEM, NULL) : (real)
void *malloc(size_t n) { ALLOCATE(__libc_malloc(n)); }
void *calloc(size_t n, size_t size) { ALLOCATE(__libc_calloc(n, size)); }
void *realloc(void *p, size_t n) { ALLOCATE(__libc_realloc(p, n)); }
int posix_memalign(void **p, size_t align, size_t n) {
  *p = hits("allocate") ? NULL : __libc_memalign(align, n);
  return *p ? 0 : ENOMEM;
}

// FAULT_CLOCK: so many times as fast.
int clock_gettime(clockid_t id, struct timespec *t) {
  long failed = syscall(SYS_clock_gettime, id, t);
  if (*setting("FAULT_CLOCK")) {
    __int128 ns = ((__int128)t->tv_sec * 1000000000 + t->tv_nsec) * atol(setting("FAULT_CLOCK"));
    t->tv_sec = (time_t)(ns / 1000000000), t->tv_nsec = (long)(ns % 1000000000);
  }
  return (int)failed;
}

__attribute__((destructor)) static void report(void) {
  const char *path = setting("FAULT_COUNT");
  FILE *f = *path ? fopen(path, "w") : NULL;
  if (f)
    fprintf(f, "%ld\n", calls), fclose(f);
}
