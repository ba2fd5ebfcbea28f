#include "runtime/Replace.h"
#include "runtime/Errors.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

namespace burin_rt {

// `a/b` and `b`: `a/` and nothing.
static void folderOf(const char *path, char (&out)[PATH_MAX]) {
  const char *slash = strrchr(path, '/');
  snprintf(out, sizeof out, "%.*s", slash ? int(slash - path) + 1 : 1, slash ? path : ".");
}

bool followInFolder(const char *path, char (&out)[PATH_MAX], const char *code) {
  if (strlen(path) >= PATH_MAX)
    return errorAt(code, {path}, nullptr, "can't use the file: %s", strerror(ENAMETOOLONG));
  strcpy(out, path);
  struct stat status;
  if (lstat(path, &status) != 0 || !S_ISLNK(status.st_mode))
    return true; // what else is wrong with it shows when it is opened
  char named[PATH_MAX], folder[PATH_MAX];
  folderOf(path, named);
  if (!realpath(path, out) || !realpath(named, folder))
    return errorAt(code, {path}, "remove the link, or make what it leads to",
                   "the file is a link that leads nowhere: %s", strerror(errno));
  size_t length = strlen(folder);
  if (strncmp(out, folder, length) == 0 && (out[length] == '/' || length == 1))
    return true;
  return errorAt(code, {path}, "name the file itself, or put it into the folder",
                 "the file is a link that leads out of its folder, to `%s`", out);
}

static bool sameFile(int descriptor, const char *path) {
  struct stat a, b;
  return fstat(descriptor, &a) == 0 && lstat(path, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

// Of a file that is open. Where locks are not supported, there are none to wait for.
static bool isLocked(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; }

// Removes a temporary file that no process is writing. 0, or why it is still there; EWOULDBLOCK: a process is writing
// it.
static int clearLeftover(const char *temporary) {
  int old = open(temporary, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (old < 0)
    return errno == ENOENT ? 0 : errno;
  int reason = 0;
  if (isLocked(old))
    reason = EWOULDBLOCK;
  else if (sameFile(old, temporary) && unlink(temporary) != 0)
    reason = errno;
  close(old);
  return reason;
}

// Made by us, locked by us, and still of this name.
int Replacement::openTemporary() {
  for (int attempt = 0; attempt < 200; ++attempt) { // ten seconds
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file >= 0 && !isLocked(file) && sameFile(file, temporary))
      return file;
    if (file >= 0) { // it was taken for a leftover before it was locked
      close(file);
      continue;
    }
    int why = errno == EEXIST ? clearLeftover(temporary) : errno;
    if (why == EWOULDBLOCK) {
      timespec pause{0, 50000000};
      nanosleep(&pause, nullptr);
    } else if (why != 0) {
      errno = why;
      return -1;
    }
  }
  errno = EWOULDBLOCK;
  return -1;
}

bool Replacement::fail(int why) {
  return errorAt(code, {path}, "the file that was there before is untouched", "can't write the file: %s",
                 why == EWOULDBLOCK ? "another process is writing it" : strerror(why));
}

bool Replacement::begin(const char *name, const char *errorCode) {
  path = name, code = errorCode;
  if (!followInFolder(path, target, code))
    return false;
  struct stat old;
  bool exists = lstat(target, &old) == 0;
  if (exists && S_ISDIR(old.st_mode))
    return fail(EISDIR);
  if (exists && !S_ISREG(old.st_mode))
    return errorAt(code, {path}, "name an ordinary file", "can't write the file: it is no ordinary file");
  snprintf(temporary, sizeof temporary, "%s.tmp", target);
  descriptor = openTemporary();
  if (descriptor < 0)
    return fail(errno);
  if (exists && fchmod(descriptor, old.st_mode & 0777) != 0) // others may read it who might before, and no more
    reason = errno;
  return true;
}

void Replacement::write(const void *bytes, uint64_t size) {
  const char *p = static_cast<const char *>(bytes);
  while (size > 0 && !reason) {
    constexpr uint64_t most = 1 << 30;
    ssize_t n = ::write(descriptor, p, size < most ? size : most);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      reason = n < 0 ? errno : EIO;
    else
      p += n, size -= uint64_t(n);
  }
}

// So that the new name lasts through a power failure. Some file systems can't, and say so.
static bool syncFolder(const char *path) {
  char folder[PATH_MAX];
  folderOf(path, folder);
  int d = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (d < 0)
    return errno == EACCES; // a folder that may be written and not read
  bool fine = fsync(d) == 0 || errno == EINVAL || errno == ENOTSUP;
  int reason = errno;
  close(d);
  errno = reason;
  return fine;
}

bool Replacement::commit() {
  if (!reason && fsync(descriptor) != 0)
    reason = errno;
  if (!reason && rename(temporary, target) != 0)
    reason = errno;
  if (reason)
    return fail(reason);
  close(descriptor);
  descriptor = -1;
  return syncFolder(target) || errorAt(code, {path}, "it is written, and a power failure could still lose it",
                                       "can't sync the file's folder: %s", strerror(errno));
}

Replacement::~Replacement() {
  if (descriptor < 0)
    return;
  unlink(temporary);
  close(descriptor);
}

void removeReplaced(const char *path) {
  char temporary[PATH_MAX];
  unlink(path);
  if (snprintf(temporary, sizeof temporary, "%s.tmp", path) < int(sizeof temporary))
    clearLeftover(temporary);
}

} // namespace burin_rt
