// Weights: safetensors files. Everything in a file is checked before a byte of the program's state changes.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {
namespace {

const char *const elementNames[] = {"F32", "F64", "I32", "I64", "U8", "BOOL"};

const char *elementName(const burin_type &type) {
  if (type.element != BURIN_INDEX)
    return elementNames[type.element];
  return type.bytes == 1 ? "U8" : type.bytes == 2 ? "U16" : type.bytes == 4 ? "I32" : "I64";
}

bool hasSplit(const struct burin_program *p) {
  for (uint32_t i = 0; i < p->data_count; ++i)
    if (p->data[i].part_count > 1)
      return true;
  return false;
}

/// Text that grows up to a bound.
struct Text {
  char *p;
  size_t n = 0, most;
  void put(const char *format, ...) __attribute__((format(printf, 2, 3))) {
    va_list list;
    va_start(list, format);
    int k = vsnprintf(p + n, most - n, format, list);
    va_end(list);
    n += k > 0 ? size_t(k) : 0;
    n = n < most ? n : most - 1;
  }
};

bool ioError(burin_run *run, const char *path, const char *what) {
  errorAt("E0520", path, 0, 0, "the file that was there before is untouched", "%s: %s", what, strerror(errno));
  run->failed = true;
  return false;
}

bool writeAll(int f, const void *from, size_t n) {
  const char *p = static_cast<const char *>(from);
  while (n > 0) {
    ssize_t k = write(f, p, n);
    if (k < 0 && errno == EINTR)
      continue;
    if (k <= 0)
      return false;
    p += k, n -= size_t(k);
  }
  return true;
}

bool save(burin_run *run, const burin_file &file) {
  const struct burin_program *p = run->program;
  size_t most = 4096 + size_t(file.slot_count) * 640;
  Text header{static_cast<char *>(malloc(most)), 0, most};
  char temporary[4096], folder[4096];
  if (!header.p || snprintf(temporary, sizeof temporary, "%s.tmp%ld", file.path, long(getpid())) >= int(sizeof temporary)) {
    errno = ENAMETOOLONG;
    return ioError(run, file.path, "can't write the file");
  }
  header.put("{\"__metadata__\":{\"burin.version\":\"1\",\"burin.program\":\"%s\"", p->source_hash);
  if (hasSplit(p))
    header.put(",\"burin.split_seed\":\"%lld\"", static_cast<long long>(run->settings.splitSeed));
  header.put("}");
  uint64_t offset = 0;
  for (uint32_t i = 0; i < file.slot_count; ++i) {
    const burin_slot &s = p->slots[file.slots[i]];
    header.put(",\"%s\":{\"dtype\":\"%s\",\"shape\":[", file.names[i], elementName(s.type));
    for (uint32_t k = 0; k < s.type.rank; ++k)
      header.put("%s%lld", k ? "," : "", static_cast<long long>(p->axes[s.type.axes[k]].extent));
    header.put("],\"data_offsets\":[%llu,%llu]}", static_cast<unsigned long long>(offset), static_cast<unsigned long long>(offset + s.bytes));
    offset += s.bytes;
  }
  header.put("}");
  while (header.n % 8)
    header.put(" ");
  int f = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (f < 0)
    return ioError(run, file.path, "can't write the file");
  uint64_t length = header.n;
  bool fine = writeAll(f, &length, 8) && writeAll(f, header.p, header.n);
  for (uint32_t i = 0; fine && i < file.slot_count; ++i)
    fine = writeAll(f, run->persistent + p->slots[file.slots[i]].offset, p->slots[file.slots[i]].bytes);
  fine = fine && fsync(f) == 0;
  int reason = errno;
  fine = close(f) == 0 && fine;
  fine = fine && rename(temporary, file.path) == 0;
  free(header.p);
  if (!fine) {
    errno = reason ? reason : errno;
    unlink(temporary);
    return ioError(run, file.path, "can't write the file");
  }
  snprintf(folder, sizeof folder, "%s", file.path);
  char *slash = strrchr(folder, '/');
  if (slash)
    *slash = 0;
  int d = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (d >= 0) {
    fsync(d);
    close(d);
  }
  return true;
}

/// One tensor of a header.
struct Entry {
  char name[256], element[8];
  int64_t shape[8];
  uint32_t rank;
  uint64_t begin, end;
  bool used;
};

/// A reader of the JSON that such headers are: an object of objects, strings, numbers and lists of numbers; depth is fixed.
struct Json {
  const char *at, *end;
  bool failed = false;
  void blank() {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
      ++at;
  }
  bool take(char c) {
    blank();
    if (at < end && *at == c) {
      ++at;
      return true;
    }
    return false;
  }
  bool want(char c) { return take(c) || !(failed = true); }
  bool string(char *out, size_t most) {
    size_t n = 0;
    if (!want('"'))
      return false;
    for (; at < end && *at != '"'; ++at) {
      if (*at == '\\' && ++at >= end)
        break;
      if (n + 1 >= most || static_cast<unsigned char>(*at) < 32)
        return !(failed = true);
      out[n++] = *at;
    }
    out[n] = 0;
    return want('"');
  }
  bool number(uint64_t &out) {
    blank();
    out = 0;
    const char *start = at;
    for (; at < end && *at >= '0' && *at <= '9'; ++at) {
      if (out > (UINT64_MAX - 9) / 10)
        return !(failed = true);
      out = out * 10 + uint64_t(*at - '0');
    }
    return at > start || !(failed = true);
  }
};

bool readEntry(Json &j, Entry &e) {
  char key[32];
  bool element = false, shape = false, offsets = false;
  if (!j.want('{'))
    return false;
  do {
    if (!j.string(key, sizeof key) || !j.want(':'))
      return false;
    if (!strcmp(key, "dtype")) {
      element = j.string(e.element, sizeof e.element);
    } else if (!strcmp(key, "shape")) {
      e.rank = 0;
      if (!j.want('['))
        return false;
      while (!j.take(']')) {
        uint64_t n;
        if (e.rank == 8 || !j.number(n) || n > uint64_t(1) << 48)
          return !(j.failed = true);
        e.shape[e.rank++] = int64_t(n);
        j.take(',');
      }
      shape = true;
    } else if (!strcmp(key, "data_offsets")) {
      offsets = j.want('[') && j.number(e.begin) && j.want(',') && j.number(e.end) && j.want(']');
    } else {
      return !(j.failed = true);
    }
  } while (!j.failed && j.take(','));
  return j.want('}') && element && shape && offsets;
}

bool readMetadata(Json &j, char *splitSeed, size_t most) {
  char key[256], value[512];
  if (!j.want('{'))
    return false;
  if (j.take('}'))
    return true;
  do {
    if (!j.string(key, sizeof key) || !j.want(':') || !j.string(value, sizeof value))
      return false;
    if (!strcmp(key, "burin.split_seed"))
      snprintf(splitSeed, most, "%s", value);
  } while (j.take(','));
  return j.want('}');
}

bool refuse(burin_run *run, const char *path, const char *reason) {
  errorAt("E0521", path, 0, 0, "it is damaged, or was not written as safetensors; nothing was loaded", "these are no weights that can be read: %s", reason);
  run->failed = true;
  return false;
}

int byBegin(const void *a, const void *b) {
  uint64_t x = static_cast<const Entry *>(a)->begin, y = static_cast<const Entry *>(b)->begin;
  return x < y ? -1 : x > y;
}

// Names, types and shapes against what the program wants. All that differ are listed.
bool matchEntries(burin_run *run, const burin_file &file, Entry *entries, uint32_t count, int64_t *which) {
  const struct burin_program *p = run->program;
  uint32_t wrong = 0;
  auto say = [&](const char *format, const char *name) {
    if (wrong++ == 0)
      errorAt("E0522", file.path, 0, 0, "nothing was loaded", "these weights are of another model");
    fprintf(stderr, format, name);
  };
  for (uint32_t i = 0; i < file.slot_count; ++i) {
    const burin_slot &s = p->slots[file.slots[i]];
    which[i] = -1;
    for (uint32_t k = 0; k < count; ++k)
      if (!strcmp(entries[k].name, file.names[i]))
        which[i] = k, entries[k].used = true;
    if (which[i] < 0) {
      say("    missing: %s\n", file.names[i]);
      continue;
    }
    const Entry &e = entries[which[i]];
    bool same = e.rank == s.type.rank && !strcmp(e.element, elementName(s.type)) && e.end - e.begin == s.bytes;
    for (uint32_t d = 0; same && d < e.rank; ++d)
      same = e.shape[d] == p->axes[s.type.axes[d]].extent;
    if (!same) {
      say("    another type or shape: %s", e.name);
      fprintf(stderr, ": %s [", e.element);
      for (uint32_t d = 0; d < e.rank; ++d)
        fprintf(stderr, "%s%lld", d ? ", " : "", static_cast<long long>(e.shape[d]));
      fprintf(stderr, "] in the file, ");
      printType(stderr, p, s.type);
      fprintf(stderr, " in the program\n");
    }
  }
  for (uint32_t k = 0; k < count; ++k)
    if (!entries[k].used)
      say("    surplus: %s\n", entries[k].name);
  run->failed |= wrong > 0;
  return wrong == 0;
}

bool load(burin_run *run, const burin_file &file) {
  const struct burin_program *p = run->program;
  uint64_t size = 0, length = 0;
  char *text = readFile(file.path, size, "E0520", "train first: weights are written by a `save`");
  if (!text) {
    run->failed = true;
    return false;
  }
  if (size < 8)
    return refuse(run, file.path, "it is too short");
  memcpy(&length, text, 8);
  if (length > size - 8 || length > 100000000)
    return refuse(run, file.path, "its header is longer than the file");
  uint64_t dataSize = size - 8 - length;
  Json j{text + 8, text + 8 + length};
  uint32_t most = uint32_t(length / 16 + 1), count = 0; // an entry has more than 16 bytes
  Entry *entries = static_cast<Entry *>(allocate(uint64_t(most) * sizeof(Entry), file.path));
  int64_t *which = static_cast<int64_t *>(malloc((file.slot_count + 1) * sizeof(int64_t)));
  char splitSeed[64] = "";
  if (!entries || !which || !j.want('{'))
    return refuse(run, file.path, "its header is no JSON object");
  do {
    if (count == most)
      return refuse(run, file.path, "its header has too many entries");
    Entry &e = entries[count];
    memset(&e, 0, sizeof e);
    if (!j.string(e.name, sizeof e.name) || !j.want(':'))
      return refuse(run, file.path, "its header can't be read");
    bool metadata = !strcmp(e.name, "__metadata__");
    if (metadata ? !readMetadata(j, splitSeed, sizeof splitSeed) : !readEntry(j, e))
      return refuse(run, file.path, "its header can't be read");
    for (uint32_t k = 0; !metadata && k < count; ++k)
      if (!strcmp(entries[k].name, e.name))
        return refuse(run, file.path, "a name stands twice in its header");
    count += !metadata;
  } while (j.take(','));
  j.want('}');
  j.blank();
  if (j.failed || j.at != j.end)
    return refuse(run, file.path, "its header can't be read");
  qsort(entries, count, sizeof(Entry), byBegin);
  uint64_t next = 0;
  for (uint32_t k = 0; k < count; ++k) {
    if (entries[k].begin != next || entries[k].end < entries[k].begin || entries[k].end > dataSize)
      return refuse(run, file.path, "its tensors overlap, leave gaps or exceed the file");
    next = entries[k].end;
  }
  if (next != dataSize)
    return refuse(run, file.path, "its data is not as long as its header says");
  if (splitSeed[0] && hasSplit(p) && atoll(splitSeed) != run->settings.splitSeed) {
    errorAt("E0523", file.path, 0, 0, "give the same `--split-seed`: under another split, rows of the test part were trained on", "these weights were trained under `--split-seed %s`, and this run has `--split-seed %lld`", splitSeed,
            static_cast<long long>(run->settings.splitSeed));
    run->failed = true;
    return false;
  }
  if (!matchEntries(run, file, entries, count, which))
    return false;
  for (uint32_t i = 0; i < file.slot_count; ++i)
    memcpy(run->persistent + p->slots[file.slots[i]].offset, text + 8 + length + entries[which[i]].begin, p->slots[file.slots[i]].bytes);
  free(which), free(entries), free(text);
  return true;
}
} // namespace
} // namespace burin_rt

using namespace burin_rt;

// A file that can't be written or read ends the program: going on would train or predict on something else.
extern "C" void burin_save(burin_run *run, uint32_t file) {
  if (!save(run, run->program->files[file]))
    exit(1);
}
extern "C" void burin_load(burin_run *run, uint32_t file) {
  if (!load(run, run->program->files[file]))
    exit(1);
}
