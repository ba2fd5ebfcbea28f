// A file's header, checked before anything is done with the file.
#include "runtime/Errors.h"
#include "runtime/Files.h"
#include "runtime/Safetensors.h"
#include "runtime/Values.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {

const char *elementName(const burin_type &type) {
  static const char *const names[] = {"F32", "F64", "I32", "I64", "U8", "BOOL"};
  if (type.element != BURIN_INDEX)
    return names[type.element];
  return type.bytes == 1 ? "U8" : type.bytes == 2 ? "U16" : type.bytes == 4 ? "I32" : "I64";
}

bool SafetensorsReader::refuse(const char *reason) {
  return errorAt(words.code, {path}, "it is damaged, or was not written as safetensors; nothing was loaded",
                 "these are no %s that can be read: %s", words.kind, reason);
}

bool SafetensorsReader::open(const char *file, const Words &said) {
  path = file, words = said;
  descriptor = openFile(path, size, words.missingCode, words.notFound);
  return descriptor >= 0 && readHeader() && parseHeader() && checkPlaces();
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
  return header && (readAt(descriptor, header, length, 8) || refuse("its header can't be read"));
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
  if (fine && json.take('}'))
    return json.atEnd() || refuse("its header is no JSON object of tensors");
  while (fine) {
    const char *name = json.string();
    fine = name && json.take(':');
    if (fine && !strcmp(name, "__metadata__")) {
      fine = !described && parseMetadata(json);
      described = true;
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
  for (uint32_t i = 0; i < textCount; ++i)
    if (!strcmp(texts[i].key, key))
      return texts[i].value;
  return nullptr;
}

TensorEntry *SafetensorsReader::find(const char *name) {
  TensorEntry wanted{name, nullptr, Json(nullptr, 0), 0, 0, false};
  return static_cast<TensorEntry *>(bsearch(&wanted, entries, count, sizeof(TensorEntry), byName));
}

bool SafetensorsReader::read(const TensorEntry &entry, void *out) {
  return readAt(descriptor, out, entry.end - entry.begin, 8 + length + entry.begin) ||
         refuse("it changed while it was read, or its disk fails");
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
