// The header is made in memory, then all of the file is written in one go.
#include "runtime/Checksum.h"
#include "runtime/Errors.h"
#include "runtime/Replace.h"
#include "runtime/Safetensors.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {
namespace {

void writeString(FILE *f, const char *text, const char *prefix = "") {
  fprintf(f, "\"%s", prefix);
  for (; *text; ++text)
    if (static_cast<unsigned char>(*text) < 32)
      fprintf(f, "\\u%04x", unsigned(*text));
    else
      fprintf(f, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
  fputc('"', f);
}

void writeEntry(FILE *f, const burin_program *program, const TensorSource &t, uint64_t offset) {
  fputc(',', f);
  writeString(f, t.name);
  fprintf(f, ":{\"dtype\":\"%s\",\"shape\":[", elementName(t.type));
  for (uint32_t k = 0; k < t.type.rank; ++k)
    fprintf(f, "%s%lld", k ? "," : "", static_cast<long long>(program->axes[t.type.axes[k]].extent));
  fprintf(f, "],\"data_offsets\":[%llu,%llu]}", static_cast<unsigned long long>(offset),
          static_cast<unsigned long long>(offset + t.bytes));
}

// With room in front for its own length, and zeros where its checksum's digits will stand.
void writeHeader(FILE *f, const Contents &c) {
  Checksum::Text sum;
  fprintf(f, "%8s%s0000000000000000\"", "", headerStart);
  for (uint32_t i = 0; i < c.metadataCount; ++i) {
    fputc(',', f);
    writeString(f, c.metadata[i].key);
    fputc(':', f);
    writeString(f, c.metadata[i].value);
  }
  for (uint32_t i = 0; i < c.tensorCount; ++i) {
    Checksum values;
    values.add(c.tensors[i].values, c.tensors[i].bytes);
    fputc(',', f);
    writeString(f, c.tensors[i].name, tensorChecksum);
    fprintf(f, ":\"%s\"", values.print(sum));
  }
  fputc('}', f);
  uint64_t offset = 0;
  for (uint32_t i = 0; i < c.tensorCount; ++i) {
    writeEntry(f, c.program, c.tensors[i], offset);
    offset += c.tensors[i].bytes;
  }
  fputc('}', f);
  while (ftell(f) % 8)
    fputc(' ', f);
}

// To be freed. Null: an error was printed.
char *makeHeader(const Contents &c, const char *path, size_t &size) {
  char *text = nullptr;
  FILE *f = open_memstream(&text, &size);
  if (f)
    writeHeader(f, c);
  if (!f || ferror(f) | (fclose(f) != 0) || !text) { // the C library's last step may leave none, and not say so
    free(text);
    error("E0510", "use a machine with more memory, or smaller sizes", "there is no memory for the header of `%s`",
          path);
    return nullptr;
  }
  uint64_t length = size - 8;
  memcpy(text, &length, 8); // little endian
  Checksum whole;
  whole.add(text, size);
  Checksum::Text sum;
  memcpy(text + 8 + headerStartLength, whole.print(sum) + strlen("xxh64:"), 16);
  return text;
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
