// A file's header, checked before anything is done with the file.
#include "runtime/Checksum.h"
#include "runtime/Errors.h"
#include "runtime/Files.h"
#include "runtime/Replace.h"
#include "runtime/Safetensors.h"
#include "runtime/Values.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {

const char *elementName(const burin_type &type) {
  static const char *const names[] = {"F32", "F64", "I32", "I64", "U8", "BOOL", "", "BF16", "F16"};
  if (type.element != BURIN_INDEX)
    return names[type.element];
  return type.bytes == 1 ? "U8" : type.bytes == 2 ? "U16" : "I32"; // axes end at 2^30
}

bool SafetensorsReader::refuse(const char *reason) {
  return errorAt(words.code, {path}, "it is damaged, or was not written as safetensors; nothing was loaded",
                 "%s that can be read: %s", words.is, reason);
}

bool SafetensorsReader::open(const char *file, const Words &said) {
  path = file, words = said;
  char target[PATH_MAX];
  if (!followInFolder(path, target, words.missingCode))
    return false;
  descriptor = openFile(path, size, words.missingCode, words.notFound, target);
  return descriptor >= 0 && readHeader() && checkHeader() && parseHeader() && checkMetadata() && checkPlaces();
}

SafetensorsReader::~SafetensorsReader() {
  free(texts), free(entries), free(header);
  if (descriptor >= 0)
    close(descriptor);
}

bool SafetensorsReader::readHeader() {
  constexpr uint64_t most = 100000000; // as the format's own readers
  if (size < 8 || !readAt(descriptor, &length, 8, 0))
    return refuse("it is shorter than the length of a header");
  if (length > size - 8 || length > most)
    return refuse("its header is longer than the file, or than 100 MB");
  header = static_cast<char *>(allocate(length, path));
  if (!header)
    return false;
  if (!readAt(descriptor, header, length, 8))
    return refuse("its header can't be read");
  return true;
}

// Of the bytes as they are in the file: parsing decodes them where they stand.
bool SafetensorsReader::checkHeader() {
  constexpr uint32_t digits = 16;
  if (length < headerStartLength + digits || memcmp(header, headerStart, headerStartLength) != 0)
    return true;
  Checksum sum;
  sum.add(&length, 8);
  sum.add(header, headerStartLength);
  sum.add("0000000000000000", digits);
  sum.add(header + headerStartLength + digits, length - headerStartLength - digits);
  Checksum::Text text;
  verified = memcmp(sum.print(text) + strlen("xxh64:"), header + headerStartLength, digits) == 0;
  if (!verified)
    return refuse("its header was changed: its checksum does not fit");
  return true;
}

static int byKey(const void *a, const void *b) {
  return strcmp(static_cast<const Metadata *>(a)->key, static_cast<const Metadata *>(b)->key);
}

bool SafetensorsReader::checkMetadata() {
  qsort(texts, textCount, sizeof(Metadata), byKey);
  for (uint32_t i = 0; i < textCount; ++i) {
    if (i > 0 && !strcmp(texts[i - 1].key, texts[i].key))
      return refuse("a text stands twice in its header");
    if (!verified && !strncmp(texts[i].key, "burin.", 6))
      return refuse("burin wrote it, and its checksum is not where it was. (To load what another program has made of "
                    "such a file, leave out the texts that begin with `burin.`)");
  }
  return true;
}

static bool skipNumbers(Json &json) {
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

bool SafetensorsReader::parseEntry(Json &json, TensorEntry &entry) {
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

bool SafetensorsReader::parseMetadata(Json &json) {
  if (!json.take('{'))
    return false;
  if (json.take('}'))
    return true;
  do {
    Metadata &text = texts[textCount];
    text.key = json.string(), text.value = text.key && json.take(':') ? json.string() : nullptr;
    if (!text.value)
      return false;
    ++textCount;
  } while (json.take(','));
  return json.take('}');
}

bool SafetensorsReader::parseHeader() {
  uint32_t most = 0, mostTexts = 1;
  for (uint64_t i = 0; i < length; ++i)
    most += header[i] == '{', mostTexts += header[i] == ':'; // each entry, each text has one
  entries = allocateZeroed<TensorEntry>(most, path);
  texts = allocateZeroed<Metadata>(mostTexts, path);
  if (!entries || !texts)
    return false;
  Json json(header, length);
  bool fine = json.take('{'), described = false;
  bool more = fine && !json.take('}');
  while (more) {
    const char *name = json.string();
    fine = name && json.take(':');
    if (fine && !strcmp(name, "__metadata__")) {
      fine = !described && parseMetadata(json);
      described = true;
    } else if (fine) { // there is room: each that was read has a `{` of its own, as has the object
      entries[count].name = name;
      fine = parseEntry(json, entries[count++]);
    }
    more = fine && json.take(',');
    fine = fine && (more || json.take('}'));
  }
  if (!fine || !json.atEnd())
    return refuse("its header is no JSON object of tensors");
  return true;
}

static int byPlace(const void *a, const void *b) {
  const TensorEntry *x = static_cast<const TensorEntry *>(a), *y = static_cast<const TensorEntry *>(b);
  return x->begin != y->begin ? (x->begin < y->begin ? -1 : 1) : x->end < y->end ? -1 : x->end > y->end;
}
static int byName(const void *a, const void *b) {
  return strcmp(static_cast<const TensorEntry *>(a)->name, static_cast<const TensorEntry *>(b)->name);
}

// Leaves the entries sorted by name.
bool SafetensorsReader::checkPlaces() {
  uint64_t next = 0, dataSize = size - 8 - length;
  qsort(entries, count, sizeof(TensorEntry), byPlace);
  for (uint32_t k = 0; k < count; ++k) {
    if (entries[k].begin != next || entries[k].end < next || entries[k].end > dataSize)
      return refuse("its tensors overlap, leave gaps or exceed the file");
    next = entries[k].end;
  }
  if (next != dataSize)
    return refuse("its data is not as long as its header says");
  qsort(entries, count, sizeof(TensorEntry), byName);
  for (uint32_t k = 1; k < count; ++k)
    if (!strcmp(entries[k - 1].name, entries[k].name))
      return refuse("a name stands twice in its header");
  return true;
}

const char *SafetensorsReader::metadata(const char *key) const {
  Metadata wanted{key, nullptr};
  auto *found = static_cast<const Metadata *>(bsearch(&wanted, texts, textCount, sizeof(Metadata), byKey));
  return found ? found->value : nullptr;
}

static int byTensor(const void *name, const void *text) {
  const char *key = static_cast<const Metadata *>(text)->key;
  constexpr size_t prefix = sizeof tensorChecksum - 1;
  int order = strncmp(tensorChecksum, key, prefix);
  return order ? order : strcmp(static_cast<const char *>(name), key + prefix);
}

const char *SafetensorsReader::checksumOf(const char *tensor) const {
  auto *found = static_cast<const Metadata *>(bsearch(tensor, texts, textCount, sizeof(Metadata), byTensor));
  return found ? found->value : nullptr;
}

TensorEntry *SafetensorsReader::find(const char *name) {
  TensorEntry wanted{name, nullptr, Json(nullptr, 0), 0, 0, false};
  return static_cast<TensorEntry *>(bsearch(&wanted, entries, count, sizeof(TensorEntry), byName));
}

bool SafetensorsReader::read(const TensorEntry &entry, void *out) {
  uint64_t bytes = entry.end - entry.begin;
  if (!readAt(descriptor, out, bytes, 8 + length + entry.begin))
    return refuse("it changed while it was read, or its disk fails");
  if (!verified)
    return true;
  Checksum sum;
  sum.add(out, bytes);
  Checksum::Text text;
  const char *written = checksumOf(entry.name);
  if (written && !strcmp(written, sum.print(text)))
    return true;
  char reason[160];
  snprintf(reason, sizeof reason, "the values of `%.80s` were changed: their checksum does not fit", entry.name);
  return refuse(reason);
}

bool hasType(const burin_program *program, const TensorEntry &entry, const burin_type &type) {
  bool same =
      !strcmp(entry.element, elementName(type)) && entry.end - entry.begin == elementCount(program, type) * type.bytes;
  Json shape = entry.shape;
  shape.take('[');
  for (uint32_t d = 0; same && d < type.rank; ++d) {
    uint64_t extent;
    same =
        (d == 0 || shape.take(',')) && shape.number(extent) && extent == uint64_t(program->axes[type.axes[d]].extent);
  }
  return same && shape.take(']');
}
} // namespace burin_rt
