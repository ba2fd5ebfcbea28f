// The log's file: begun, or gone on with.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include "runtime/Safetensors.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

namespace burin_rt {
namespace {

char buffer[1 << 16]; // the C library's own would be allocated in the first step

bool fail(const burin_run *run, const char *help, const char *reason) {
  return error("E0511", help, "can't write the log `%s`: %s", run->settings.log, reason);
}

bool isFile(FILE *f) {
  struct stat status;
  return fstat(fileno(f), &status) == 0 && S_ISREG(status.st_mode);
}

// Whether the file begins with what the run had logged, which is then counted as logged. Leaves the file's place behind
// it.
bool beginsWith(Output &o, const char *written) {
  char *end = nullptr;
  uint64_t left = strtoull(written, &end, 10);
  o.logBytes = left;
  char piece[4096];
  for (size_t n = 1; left > 0 && n > 0; left -= n) {
    n = fread(piece, 1, left < sizeof piece ? left : sizeof piece, o.log);
    o.logged.add(piece, n);
  }
  Checksum::Text sum;
  return left == 0 && *end == ' ' && !strcmp(end + 1, o.logged.print(sum));
}

bool openFor(burin_run *run, const char *mode, const char *help) {
  Output &o = run->output;
  o.log = fopen(run->settings.log, mode);
  if (!o.log)
    return fail(run, help, strerror(errno));
  setvbuf(o.log, buffer, _IOFBF, sizeof buffer);
  return true;
}

// From where its checkpoint was written.
bool goOn(burin_run *run) {
  Output &o = run->output;
  const char *written = run->resumption.file->metadata("burin.log");
  if (!written)
    return error("E0533", "leave out `--log`",
                 "the run that is resumed wrote no log, and `%s` would lack its beginning", run->settings.log);
  if (!openFor(run, "r+e", "name the log of the run that is resumed, or leave out `--log`"))
    return false;
  if (!isFile(o.log)) // a pipe's reader has seen what came before
    return true;
  if (!beginsWith(o, written))
    return error("E0533", "name the log of the run that is resumed, or leave out `--log`",
                 "`%s` is not the log of the run that is resumed, or was changed since", run->settings.log);
  // Between reading and writing, C wants a seek.
  return (ftruncate(fileno(o.log), off_t(o.logBytes)) == 0 && fseeko(o.log, off_t(o.logBytes), SEEK_SET) == 0) ||
         fail(run, "name a file that can be written", strerror(errno));
}
} // namespace

bool openLog(burin_run *run) {
  if (!run->settings.log)
    return true;
  return run->settings.resume ? goOn(run) : openFor(run, "we", "name a file that can be written");
}

bool flushLog(burin_run *run, const char *code) {
  FILE *log = run->output.log;
  if (!log || (fflush(log) == 0 && (!isFile(log) || fsync(fileno(log)) == 0)))
    return true;
  return error(code, "no checkpoint was written", "can't write the log `%s`: %s", run->settings.log, strerror(errno));
}
} // namespace burin_rt
