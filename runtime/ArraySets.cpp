// Data sets whose rows stand in files of arrays, one file for each field: a row is what an index of the first axis has.
#include "runtime/Arrays.h"
#include "runtime/Draws.h"
#include "runtime/Errors.h"
#include "runtime/Files.h"
#include "runtime/Split.h"
#include "runtime/Values.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {
namespace {

using ReadHeader = const char *(*)(const char *text, uint64_t size, uint64_t all, ArrayHeader &header);

struct ArrayFile {
  const burin_program *program = nullptr;
  const burin_field *field = nullptr;
  ReadHeader readHeader = nullptr;
  int file = -1;
  uint64_t size = 0, rows = 0, elements = 0; ///< elements: of a row
  ArrayHeader header = {};

  bool open();
  bool checkShape() const;
  bool refuse(const char *reason) const;
  bool read(Split &split, uint32_t number) const;
};

bool ArrayFile::refuse(const char *reason) const {
  return errorAt("E0508", {field->path},
                 "an array whose first axis is that of the rows, and whose others are the type's",
                 "`%s` can't be read: %s", field->name, reason);
}

bool ArrayFile::checkShape() const {
  const burin_type &type = field->type;
  bool same = header.rank == type.rank + 1;
  for (uint32_t i = 0; same && i < type.rank; ++i)
    same = header.shape[i + 1] == uint64_t(program->axes[type.axes[i]].extent);
  if (same)
    return true;
  errorAt("E0508", {field->path}, "its first axis is that of the rows, the others are the type's in their order",
          "`%s` has another shape", field->name);
  printShapes(program, "rows of ", type, header);
  return false;
}

bool ArrayFile::open() {
  file = openFile(field->path, size, "E0420",
                  "paths are relative to the working directory: go there, or give `--directory`");
  if (file < 0)
    return false;
  char text[1 << 14]; // a header is never as long
  uint64_t n = size < sizeof text ? size : sizeof text;
  if (!readAt(file, text, n, 0))
    return refuse("it changed while it was read, or its disk fails");
  if (const char *reason = readHeader(text, n, size, header))
    return refuse(reason);
  if (header.fortran)
    return refuse("it is in Fortran order");
  if (!checkShape())
    return false;
  rows = header.shape[0], elements = elementCount(program, field->type);
  uint64_t bytes = 0;
  if (__builtin_mul_overflow(rows, elements * header.width, &bytes) || bytes != size - header.start)
    return refuse("its data is not as long as its shape says");
  if (rows == 0)
    return errorAt("E0420", {field->path}, "a data set has at least one row", "the file has no row");
  if (rows > uint64_t(1) << 32)
    return errorAt("E0420", {field->path}, "a data set has at most 2^32 rows", "the file has too many rows");
  return true;
}

bool ArrayFile::read(Split &split, uint32_t number) const {
  char piece[1 << 16];
  const burin_type &type = field->type;
  const uint64_t most = sizeof piece / header.width;
  uint64_t *filled = allocateZeroed<uint64_t>(split.data->part_count, split.data->name);
  bool fine = filled;
  char *out = nullptr, ignored[8];
  uint64_t row = 0, element = 0;
  split.next = split.nextDrawn = 0;
  for (uint64_t at = 0, all = rows * elements; fine && at < all; at += most) {
    uint64_t n = all - at < most ? all - at : most;
    if (!readAt(file, piece, n * header.width, header.start + at * header.width))
      fine = refuse("it changed while it was read, or its disk fails");
    for (uint64_t i = 0; fine && i < n; ++i) {
      if (element == 0) {
        uint32_t p = split.partOfNext();
        out = p < split.data->part_count
                  ? static_cast<char *>(split.parts[p].columns[number]) + filled[p]++ * elements * type.bytes
                  : nullptr;
      }
      void *to = out ? out + element * type.bytes : ignored;
      if (const char *expected = convertElement(program, type, header, piece + i * header.width, to))
        fine = errorAt("E0508", {field->path}, "rows and elements are counted from 0, in the order of the file",
                       "`%s`: row %llu, element %llu is not %s", field->name, static_cast<unsigned long long>(row),
                       static_cast<unsigned long long>(element), expected);
      if (++element == elements)
        element = 0, ++row;
    }
  }
  free(filled);
  return fine;
}

bool readAll(const burin_program *program, const burin_data &data, ArrayFile *files, ReadHeader header, Split &split) {
  for (uint32_t f = 0; f < data.field_count; ++f) {
    ArrayFile &file = files[f];
    file.program = program, file.field = &data.fields[f], file.readHeader = header;
    if (!file.open())
      return false;
    if (file.rows != files[0].rows)
      return errorAt("E0508", {file.field->path}, "the fields of a data set have the same rows",
                     "`%s` has %llu rows, and `%s` has %llu", file.field->name,
                     static_cast<unsigned long long>(file.rows), data.fields[0].name,
                     static_cast<unsigned long long>(files[0].rows));
  }
  if (!split.divide(files[0].rows))
    return false;
  for (uint32_t f = 0; f < data.field_count; ++f) {
    Stamp before(files[f].file);
    if (!files[f].read(split, f))
      return false;
    if (!(before == Stamp(files[f].file)))
      return changedWhileRead(data.fields[f].path);
  }
  return true;
}

int load(const burin_program *program, uint32_t number, uint64_t splitSeed, void *all, ReadHeader header) {
  const burin_data &data = program->data[number];
  ArrayFile *files = allocate<ArrayFile>(data.field_count, data.name);
  Split split{program, &data, static_cast<Part *>(all) + data.first_part, foldIn(splitSeed, number), false, "rows"};
  bool fine = files && readAll(program, data, files, header, split);
  for (uint32_t f = 0; files && f < data.field_count; ++f)
    if (files[f].file >= 0)
      close(files[f].file);
  free(files);
  split.release();
  return fine;
}
} // namespace
} // namespace burin_rt
using namespace burin_rt;

extern "C" int burin_read_npy(const burin_program *program, uint32_t number, uint64_t splitSeed, void *all) {
  return load(program, number, splitSeed, all, readNpyHeader);
}
extern "C" int burin_read_idx(const burin_program *program, uint32_t number, uint64_t splitSeed, void *all) {
  return load(program, number, splitSeed, all, readIdxHeader);
}
