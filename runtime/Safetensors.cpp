// Weights: safetensors files, written whole or not at all, and checked before any of them is read into the program's
// state.
#include "runtime/Errors.h"
#include "runtime/Files.h"
#include "runtime/Json.h"
#include "runtime/Run.h"
#include "runtime/Values.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {
namespace {

const char *elementName(const burin_type &type) {
  static const char *const names[] = {"F32", "F64", "I32", "I64", "U8", "BOOL"};
  if (type.element != BURIN_INDEX)
    return names[type.element];
  return type.bytes == 1 ? "U8" : type.bytes == 2 ? "U16" : type.bytes == 4 ? "I32" : "I64";
}

bool hasSplit(const burin_program *p) {
  for (uint32_t i = 0; i < p->data_count; ++i)
    if (p->data[i].part_count > 1)
      return true;
  return false;
}

void writeString(FILE *f, const char *text) {
  fputc('"', f);
  for (; *text; ++text)
    if (static_cast<unsigned char>(*text) < 32)
      fprintf(f, "\\u%04x", unsigned(*text));
    else
      fprintf(f, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
  fputc('"', f);
}

void writeHeader(FILE *f, const burin_run *run, const burin_file &file) {
  const burin_program *p = run->program;
  fputs("{\"__metadata__\":{\"burin.version\":\"1\",\"burin.program\":", f);
  writeString(f, p->source_hash);
  if (hasSplit(p))
    fprintf(f, ",\"burin.split_seed\":\"%lld\"", static_cast<long long>(run->settings.splitSeed));
  fputc('}', f);
  uint64_t offset = 0;
  for (uint32_t i = 0; i < file.slot_count; ++i) {
    const burin_slot &s = p->slots[file.slots[i]];
    fputc(',', f);
    writeString(f, file.names[i]);
    fprintf(f, ":{\"dtype\":\"%s\",\"shape\":[", elementName(s.type));
    for (uint32_t k = 0; k < s.type.rank; ++k)
      fprintf(f, "%s%lld", k ? "," : "", static_cast<long long>(p->axes[s.type.axes[k]].extent));
    fprintf(f, "],\"data_offsets\":[%llu,%llu]}", static_cast<unsigned long long>(offset),
            static_cast<unsigned long long>(offset + s.bytes));
    offset += s.bytes;
  }
  fputc('}', f);
  while (ftell(f) % 8)
    fputc(' ', f);
}

// The header's length comes first in the file, and is known last.
bool writeFile(FILE *f, const burin_run *run, const burin_file &file) {
  uint64_t length = 0;
  fwrite(&length, 8, 1, f);
  writeHeader(f, run, file);
  length = uint64_t(ftell(f)) - 8;
  for (uint32_t i = 0; i < file.slot_count; ++i) {
    const burin_slot &s = run->program->slots[file.slots[i]];
    fwrite(run->persistent + s.offset, 1, s.bytes, f);
  }
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

bool save(const burin_run *run, const burin_file &file) {
  auto fail = [&](int reason) {
    return errorAt("E0520", {file.path}, "the file that was there before is untouched", "can't write the file: %s",
                   strerror(reason));
  };
  char temporary[4096];
  int descriptor = -1;
  for (int attempt = 0; descriptor < 0 && attempt < 16;
       ++attempt) { // a process that died may have left one of this name
    if (snprintf(temporary, sizeof temporary, "%s.tmp%ld.%d", file.path, long(getpid()), attempt) >=
        int(sizeof temporary))
      return fail(ENAMETOOLONG);
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST)
      return fail(errno);
  }
  FILE *f = descriptor < 0 ? nullptr : fdopen(descriptor, "w");
  bool fine = f && writeFile(f, run, file);
  int reason = errno;
  if (f && fclose(f) != 0 && fine)
    fine = false, reason = errno;
  if (fine && rename(temporary, file.path) != 0)
    fine = false, reason = errno;
  if (!fine) {
    unlink(temporary);
    return fail(reason);
  }
  return syncFolder(file.path) ||
         errorAt("E0520", {file.path}, "it is written, and a power failure could still lose it",
                 "can't sync the file's folder: %s", strerror(errno));
}

/// One tensor of a header.
struct Entry {
  const char *name, *element;
  Json shape; ///< stands before the list
  uint64_t begin, end;
  bool used;
};

/// A file that is being read.
struct Reader {
  const burin_run *run;
  const burin_file &file;
  int descriptor;
  uint64_t size, length = 0; ///< of the file, of its header
  char *header = nullptr;
  Entry *entries = nullptr;
  uint32_t count = 0;
  const char *splitSeed = nullptr;

  bool refuse(const char *reason) {
    return errorAt("E0521", {file.path}, "it is damaged, or was not written as safetensors; nothing was loaded",
                   "these are no weights that can be read: %s", reason);
  }
  bool readHeader();
  bool parseHeader();
  bool parseEntry(Json &json, Entry &entry);
  bool parseMetadata(Json &json);
  bool checkPlaces();
  bool checkSplit();
  bool matchSlots();
  bool sameType(const Entry &entry, const burin_slot &slot);
  Entry *find(const char *name);
  bool readTensor(const Entry &entry, const burin_slot &slot);
  bool load();
};

bool Reader::readHeader() {
  constexpr uint64_t most = 100000000; // as the format's own readers
  if (size < 8 || !readAt(descriptor, &length, 8, 0))
    return refuse("it is shorter than the length of a header");
  if (length > size - 8 || length > most)
    return refuse("its header is longer than the file, or than 100 MB");
  header = static_cast<char *>(allocate(length, file.path));
  return header && (readAt(descriptor, header, length, 8) || refuse("its header can't be read"));
}

bool skipNumbers(Json &json) {
  uint64_t ignored;
  if (!json.take('['))
    return false;
  if (json.take(']'))
    return true;
  do
    if (!json.number(ignored))
      return false;
  while (json.take(','));
  return json.take(']');
}

bool Reader::parseEntry(Json &json, Entry &entry) {
  bool shape = false, places = false;
  if (!json.take('{'))
    return false;
  do {
    const char *key = json.string();
    if (!key || !json.take(':'))
      return false;
    if (!strcmp(key, "dtype") && !entry.element) {
      if (!(entry.element = json.string()))
        return false;
    } else if (!strcmp(key, "shape") && !shape) {
      entry.shape = json;
      if (!(shape = skipNumbers(json)))
        return false;
    } else if (!strcmp(key, "data_offsets") && !places) {
      if (!(places = json.take('[') && json.number(entry.begin) && json.take(',') && json.number(entry.end) &&
                     json.take(']')))
        return false;
    } else {
      return false;
    }
  } while (json.take(','));
  return json.take('}') && entry.element && shape && places;
}

bool Reader::parseMetadata(Json &json) {
  if (!json.take('{'))
    return false;
  if (json.take('}'))
    return true;
  do {
    const char *key = json.string(), *value = key && json.take(':') ? json.string() : nullptr;
    if (!value)
      return false;
    if (!strcmp(key, "burin.split_seed"))
      splitSeed = value;
  } while (json.take(','));
  return json.take('}');
}

bool Reader::parseHeader() {
  uint32_t most = 0;
  for (uint64_t i = 0; i < length; ++i)
    most += header[i] == '{'; // each entry has one
  entries = allocateZeroed<Entry>(most, file.path);
  if (!entries)
    return false;
  Json json(header, length);
  bool fine = json.take('{');
  if (fine && json.take('}'))
    return json.atEnd() || refuse("its header is no JSON object of tensors");
  while (fine) {
    const char *name = json.string();
    fine = name && json.take(':');
    if (fine && !strcmp(name, "__metadata__")) {
      fine = parseMetadata(json);
    } else if (fine && count < most) {
      entries[count].name = name;
      fine = parseEntry(json, entries[count++]);
    } else {
      fine = false;
    }
    if (!fine || !json.take(','))
      break;
  }
  return (fine && json.take('}') && json.atEnd()) || refuse("its header is no JSON object of tensors");
}

int byPlace(const void *a, const void *b) {
  const Entry *x = static_cast<const Entry *>(a), *y = static_cast<const Entry *>(b);
  return x->begin != y->begin ? (x->begin < y->begin ? -1 : 1) : x->end < y->end ? -1 : x->end > y->end;
}
int byName(const void *a, const void *b) {
  return strcmp(static_cast<const Entry *>(a)->name, static_cast<const Entry *>(b)->name);
}

// Leaves the entries sorted by name.
bool Reader::checkPlaces() {
  uint64_t next = 0, dataSize = size - 8 - length;
  qsort(entries, count, sizeof(Entry), byPlace);
  for (uint32_t k = 0; k < count; ++k) {
    if (entries[k].begin != next || entries[k].end < next || entries[k].end > dataSize)
      return refuse("its tensors overlap, leave gaps or exceed the file");
    next = entries[k].end;
  }
  if (next != dataSize)
    return refuse("its data is not as long as its header says");
  qsort(entries, count, sizeof(Entry), byName);
  for (uint32_t k = 1; k < count; ++k)
    if (!strcmp(entries[k - 1].name, entries[k].name))
      return refuse("a name stands twice in its header");
  return true;
}

bool Reader::checkSplit() {
  char own[32];
  snprintf(own, sizeof own, "%lld", static_cast<long long>(run->settings.splitSeed));
  if (!splitSeed || !hasSplit(run->program) || !strcmp(splitSeed, own))
    return true;
  return errorAt(
      "E0523", {file.path}, "give the same `--split-seed`: under another split, rows of the test part were trained on",
      "these weights were trained under `--split-seed %s`, and this run has `--split-seed %s`", splitSeed, own);
}

bool Reader::sameType(const Entry &entry, const burin_slot &slot) {
  const burin_type &type = slot.type;
  bool same = !strcmp(entry.element, elementName(type)) && entry.end - entry.begin == slot.bytes;
  Json shape = entry.shape;
  shape.take('[');
  for (uint32_t d = 0; same && d < type.rank; ++d) {
    uint64_t extent;
    same = (d == 0 || shape.take(',')) && shape.number(extent) &&
           extent == uint64_t(run->program->axes[type.axes[d]].extent);
  }
  return same && shape.take(']');
}

void printEntry(const Entry &entry) {
  fprintf(stderr, "%s [", entry.element);
  Json shape = entry.shape;
  shape.take('[');
  uint64_t extent;
  for (bool first = true; shape.number(extent); first = false, shape.take(','))
    fprintf(stderr, "%s%llu", first ? "" : ", ", static_cast<unsigned long long>(extent));
  fputc(']', stderr);
}

Entry *Reader::find(const char *name) {
  Entry wanted{name, nullptr, Json(nullptr, 0), 0, 0, false};
  return static_cast<Entry *>(bsearch(&wanted, entries, count, sizeof(Entry), byName));
}

// Names, types and shapes against what the program wants. All that differ are listed.
bool Reader::matchSlots() {
  const burin_program *p = run->program;
  uint32_t wrong = 0;
  auto begin = [&](const char *what, const char *name) {
    if (wrong++ == 0)
      errorAt("E0522", {file.path}, "nothing was loaded", "these weights are of another model");
    fprintf(stderr, "    %s: %s", what, name);
  };
  for (uint32_t i = 0; i < file.slot_count; ++i) {
    const burin_slot &slot = p->slots[file.slots[i]];
    Entry *entry = find(file.names[i]);
    if (entry)
      entry->used = true;
    if (entry && sameType(*entry, slot))
      continue;
    begin(entry ? "another type or shape" : "missing", file.names[i]);
    if (entry) {
      fputs(": ", stderr);
      printEntry(*entry);
      fputs(" in the file, ", stderr);
      printType(stderr, p, slot.type, true);
      fputs(" in the program", stderr);
    }
    fputc('\n', stderr);
  }
  for (uint32_t k = 0; k < count; ++k)
    if (!entries[k].used) {
      begin("surplus", entries[k].name);
      fputc('\n', stderr);
    }
  return wrong == 0;
}

// Kernels use an index without looking: one beyond its axis would leave the tensor.
bool valuesFit(const burin_program *p, const burin_type &type, const char *values, uint64_t bytes) {
  if (type.element != BURIN_INDEX && type.element != BURIN_BOOL)
    return true;
  int64_t extent = type.element == BURIN_BOOL ? 2 : p->axes[type.index_axis].extent;
  for (uint64_t i = 0; i < bytes; i += type.bytes) {
    uint64_t value = 0; // a negative one is beyond, too
    memcpy(&value, values + i, type.bytes);
    if (extent >= 0 && value >= uint64_t(extent))
      return false;
  }
  return true;
}

bool Reader::readTensor(const Entry &entry, const burin_slot &slot) {
  if (!readAt(descriptor, run->persistent + slot.offset, slot.bytes, 8 + length + entry.begin))
    return refuse("it changed while it was read, or its disk fails");
  return valuesFit(run->program, slot.type, run->persistent + slot.offset, slot.bytes) ||
         refuse("an index in it is beyond its axis");
}

bool Reader::load() {
  bool fine = readHeader() && parseHeader() && checkPlaces() && checkSplit() && matchSlots();
  for (uint32_t i = 0; fine && i < file.slot_count; ++i)
    fine = readTensor(*find(file.names[i]), run->program->slots[file.slots[i]]);
  free(entries), free(header);
  return fine;
}

bool load(const burin_run *run, const burin_file &file) {
  uint64_t size = 0;
  int descriptor = openFile(file.path, size, "E0520", "train first: weights are written by a `save`");
  if (descriptor < 0)
    return false;
  bool fine = Reader{run, file, descriptor, size}.load();
  close(descriptor);
  return fine;
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
