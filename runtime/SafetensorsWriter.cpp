// The header is made in memory, then all of the file is written in one go.
#include "runtime/Checksum.h"
#include "runtime/Errors.h"
#include "runtime/Replace.h"
#include "runtime/Safetensors.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {
namespace {

/// Text that is counted first, and then written where there is room for all of it.
struct Text {
  char *out = nullptr; ///< null: nothing is written
  uint64_t used = 0, room = 0;
  void put(char c) {
    if (out)
      out[used] = c;
    ++used;
  }
  void print(const char *format, ...) __attribute__((format(printf, 2, 3)));
};

void Text::print(const char *format, ...) {
  va_list values;
  va_start(values, format);
  used += uint64_t(vsnprintf(out ? out + used : nullptr, out ? room - used : 0, format, values));
  va_end(values);
}

void writeString(Text &t, const char *text, const char *prefix = "") {
  t.print("\"%s", prefix);
  for (; *text; ++text)
    if (static_cast<unsigned char>(*text) < 32) {
      t.print("\\u%04x", unsigned(*text));
    } else {
      if (*text == '"' || *text == '\\')
        t.put('\\');
      t.put(*text);
    }
  t.put('"');
}

void writeEntry(Text &t, const burin_program *program, const TensorSource &source, uint64_t offset) {
  t.put(',');
  writeString(t, source.name);
  t.print(":{\"dtype\":\"%s\",\"shape\":[", elementName(source.type));
  for (uint32_t k = 0; k < source.type.rank; ++k)
    t.print("%s%lld", k ? "," : "", static_cast<long long>(program->axes[source.type.axes[k]].extent));
  t.print("],\"data_offsets\":[%llu,%llu]}", static_cast<unsigned long long>(offset),
          static_cast<unsigned long long>(offset + source.bytes));
}

// With room in front for its own length, and zeros where its checksum's digits will stand.
void writeHeader(Text &t, const Contents &c) {
  Checksum::Text sum;
  t.print("%8s%s0000000000000000\"", "", headerStart);
  for (uint32_t i = 0; i < c.metadataCount; ++i) {
    t.put(',');
    writeString(t, c.metadata[i].key);
    t.put(':');
    writeString(t, c.metadata[i].value);
  }
  for (uint32_t i = 0; i < c.tensorCount; ++i) {
    Checksum values;
    if (t.out) // all are as long
      values.add(c.tensors[i].values, c.tensors[i].bytes);
    t.put(',');
    writeString(t, c.tensors[i].name, tensorChecksum);
    t.print(":\"%s\"", values.print(sum));
  }
  t.put('}');
  uint64_t offset = 0;
  for (uint32_t i = 0; i < c.tensorCount; ++i) {
    writeEntry(t, c.program, c.tensors[i], offset);
    offset += c.tensors[i].bytes;
  }
  t.put('}');
  while (t.used % 8)
    t.put(' ');
}

// To be freed. Null: an error was printed.
char *makeHeader(const Contents &c, const char *path, size_t &size) {
  Text counted, text;
  writeHeader(counted, c);
  size = counted.used;
  text.room = size + 1; // for the NUL of what is printed last
  text.out = static_cast<char *>(allocate(text.room, path));
  if (!text.out)
    return nullptr;
  writeHeader(text, c);
  uint64_t length = size - 8;
  memcpy(text.out, &length, 8); // little endian
  Checksum whole;
  whole.add(text.out, size);
  Checksum::Text sum;
  memcpy(text.out + 8 + headerStartLength, whole.print(sum) + strlen("xxh64:"), 16);
  return text.out;
}
} // namespace

bool writeSafetensors(const char *path, const Contents &contents, const char *code) {
  size_t size = 0;
  char *header = makeHeader(contents, path, size);
  if (!header)
    return false;
  Replacement file;
  bool fine = file.begin(path, code);
  if (fine) {
    file.write(header, size);
    for (uint32_t i = 0; i < contents.tensorCount; ++i)
      file.write(contents.tensors[i].values, contents.tensors[i].bytes);
    fine = file.commit();
  }
  free(header);
  return fine;
}
} // namespace burin_rt
