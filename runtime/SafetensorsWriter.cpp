// Files are written whole or not at all: under another name, brought to the disk, then renamed.
#include "runtime/Errors.h"
#include "runtime/Safetensors.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {
namespace {

/// What is to be written.
struct Content {
  const burin_program *program;
  const Metadata *metadata;
  uint32_t metadataCount;
  const TensorSource *tensors;
  uint32_t tensorCount;
};

void writeString(FILE *f, const char *text) {
  fputc('"', f);
  for (; *text; ++text)
    if (static_cast<unsigned char>(*text) < 32)
      fprintf(f, "\\u%04x", unsigned(*text));
    else
      fprintf(f, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
  fputc('"', f);
}

void writeHeader(FILE *f, const Content &c) {
  fputs("{\"__metadata__\":{", f);
  for (uint32_t i = 0; i < c.metadataCount; ++i) {
    fputs(i ? "," : "", f);
    writeString(f, c.metadata[i].key);
    fputc(':', f);
    writeString(f, c.metadata[i].value);
  }
  fputc('}', f);
  uint64_t offset = 0;
  for (uint32_t i = 0; i < c.tensorCount; ++i) {
    const TensorSource &t = c.tensors[i];
    fputc(',', f);
    writeString(f, t.name);
    fprintf(f, ":{\"dtype\":\"%s\",\"shape\":[", elementName(t.type));
    for (uint32_t k = 0; k < t.type.rank; ++k)
      fprintf(f, "%s%lld", k ? "," : "", static_cast<long long>(c.program->axes[t.type.axes[k]].extent));
    fprintf(f, "],\"data_offsets\":[%llu,%llu]}", static_cast<unsigned long long>(offset),
            static_cast<unsigned long long>(offset + t.bytes));
    offset += t.bytes;
  }
  fputc('}', f);
  while (ftell(f) % 8)
    fputc(' ', f);
}

// The header's length comes first in the file, and is known last.
bool writeFile(FILE *f, const Content &c) {
  uint64_t length = 0;
  fwrite(&length, 8, 1, f);
  writeHeader(f, c);
  length = uint64_t(ftell(f)) - 8;
  for (uint32_t i = 0; i < c.tensorCount; ++i)
    fwrite(c.tensors[i].values, 1, c.tensors[i].bytes, f);
  return !ferror(f) && fflush(f) == 0 && pwrite(fileno(f), &length, 8, 0) == 8 && fsync(fileno(f)) == 0;
}

// So that the new name lasts through a power failure. Some file systems can't, and say so.
bool syncFolder(const char *path) {
  const char *slash = strrchr(path, '/');
  char folder[4096] = ".";
  if (slash)
    snprintf(folder, sizeof folder, "%.*s", int(slash - path) + 1, path);
  int d = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (d < 0)
    return errno == EACCES; // a folder that may be written and not read
  bool fine = fsync(d) == 0 || errno == EINVAL || errno == ENOTSUP;
  close(d);
  return fine;
}

} // namespace

bool writeSafetensors(const char *path, const burin_program *program, const Metadata *metadata, uint32_t metadataCount,
                      const TensorSource *tensors, uint32_t tensorCount, const char *code) {
  auto fail = [&](int reason) {
    return errorAt(code, {path}, "the file that was there before is untouched", "can't write the file: %s",
                   strerror(reason));
  };
  char temporary[4096];
  int descriptor = -1;
  for (int attempt = 0; descriptor < 0 && attempt < 16;
       ++attempt) { // a process that died may have left one of this name
    if (snprintf(temporary, sizeof temporary, "%s.tmp%ld.%d", path, long(getpid()), attempt) >= int(sizeof temporary))
      return fail(ENAMETOOLONG);
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST)
      return fail(errno);
  }
  FILE *f = descriptor < 0 ? nullptr : fdopen(descriptor, "w");
  bool fine = f && writeFile(f, {program, metadata, metadataCount, tensors, tensorCount});
  int reason = errno;
  if (f && fclose(f) != 0 && fine)
    fine = false, reason = errno;
  if (fine && rename(temporary, path) != 0)
    fine = false, reason = errno;
  if (!fine) {
    unlink(temporary);
    return fail(reason);
  }
  return syncFolder(path) || errorAt(code, {path}, "it is written, and a power failure could still lose it",
                                     "can't sync the file's folder: %s", strerror(errno));
}
} // namespace burin_rt
