// Data sets of comma-separated text: rows counted, split into parts, parsed into columns. A file is walked twice, in
// pieces, so that it may be larger than memory. What both walks read is the file as it stood between them, if it is the
// same: a change in the middle of a walk shows in the other, whatever clocks say; that rows were added or are still
// coming shows in the file's size and time.
#include "runtime/Data.h"
#include "runtime/Csv.h"
#include "runtime/Draws.h"
#include "runtime/Files.h"
#include "runtime/Sequences.h"
#include "runtime/Split.h"
#include "runtime/Values.h"
#include "runtime/Words.h"
#include <stdlib.h>
#include <unistd.h>

namespace burin_rt {
namespace {

unsigned long long number(uint64_t n) { return n; } // for printf

/// Of a field along a bounded axis, in the row at hand.
struct Sequence {
  uint64_t present = 0;
  Place place; ///< where its first column begins
};

bool isText(const burin_field &field) { return field.reads == BURIN_TEXT || field.reads == BURIN_WORDS; }
bool isSequence(const burin_field &field) { return isText(field) || field.reads == BURIN_SERIES; }

struct Reader {
  const burin_program *program;
  const burin_data *data;
  int file;
  uint64_t size;
  Part *parts; ///< of this data set
  Split split;
  uint64_t rows = 0, width = 0;                 ///< columns of each
  uint64_t counted = 0, parsed = 0, chosen = 0; ///< sums of the bytes that the walks read
  Sequence *sequences = nullptr;                ///< one for each field, as the next
  void **labels = nullptr;                      ///< of texts
  char *text = nullptr;                         ///< that is being read
  uint32_t textBytes = 0;

  bool load();
  bool count();
  bool choose();
  bool parse();
  void releaseSequences();
  bool prepareSequences();
  bool parseRow(Csv &csv, Part *part, uint64_t row);
  bool parseField(const Csv &csv, uint32_t f, uint64_t column, Part *part, uint64_t row);
  bool storeText(const Csv &csv, uint32_t f, void *out);
  bool storeNext(const Csv &csv, uint32_t f, uint64_t column, void *out);
  bool finishSequences(Part *part, uint64_t row);
  bool store(const Csv &csv, const burin_field &field, uint64_t column, void *out);
};

// Walks all rows before anything is allocated: how many there are, and that all have the same columns.
bool Reader::count() {
  uint64_t needed = 0;
  for (uint32_t f = 0; f < data->field_count; ++f)
    if (uint64_t last = uint64_t(data->fields[f].first_column) + data->fields[f].column_count; last > needed)
      needed = last;
  Csv csv(data->path, file, size);
  for (; !csv.atEnd(); ++rows) {
    if (rows > 0 && csv.skipRow(width))
      continue;
    uint64_t columns = 0;
    Place first{};
    do {
      if (!csv.next(false))
        return false;
      if (columns++ == 0)
        first = csv.place();
      if (rows > 0 && columns > width)
        return errorAt("E0421", csv.place(), "all rows have as many columns",
                       "this row has more than %llu columns, and the first row has %llu", number(width), number(width));
    } while (!csv.endedRow());
    if (rows == 0)
      width = columns;
    if (columns < needed)
      return errorAt("E0421", first, "columns are counted from 0",
                     "this row has %llu columns, and the fields of `%s` need %llu", number(columns), data->name,
                     number(needed));
    if (columns != width)
      return errorAt("E0421", first, "all rows have as many columns",
                     "this row has %llu columns, and the first row has %llu", number(columns), number(width));
  }
  if (rows == 0)
    return errorAt("E0420", {data->path}, "a data set has at least one row", "the file is empty");
  if (rows > uint64_t(1) << 32)
    return errorAt("E0420", {data->path}, "a data set has at most 2^32 rows", "the file has too many rows");
  counted = csv.sum();
  return true;
}

bool Reader::store(const Csv &csv, const burin_field &field, uint64_t column, void *out) {
  const char *expected = parseElement(program, field.type, csv.text(), out);
  if (!expected)
    return true;
  const burin_axis *axis = field.type.element == BURIN_INDEX ? &program->axes[field.type.index_axis] : nullptr;
  char help[200];
  if (axis && axis->label_count)
    snprintf(help, sizeof help, "the labels of `%.60s` begin with `%.60s`", axis->name, axis->labels[0]);
  else if (axis)
    snprintf(help, sizeof help, "indices of `%.60s` are 0 to %lld", axis->name,
             static_cast<long long>(axis->extent - 1));
  else
    snprintf(help, sizeof help, "%s",
             csv.place().line == 1 ? "is the first line a header? Remove it" : "mend the row, or the field's columns");
  return errorAt("E0421", csv.place(), help, "field `%s`, column %llu: expected %s%s%s%s, found `%s`", field.name,
                 number(column), expected, axis ? " `" : "", axis ? axis->name : "", axis ? "`" : "", csv.text());
}

bool Reader::prepareSequences() {
  sequences = allocate<Sequence>(data->field_count, data->name);
  labels = allocateZeroed<void *>(data->field_count, data->name);
  if (!sequences || !labels)
    return false;
  uint64_t most = 0; // bytes of a text: no more than the file has, nor than so many characters
  for (uint32_t f = 0; f < data->field_count; ++f) {
    const burin_field &field = data->fields[f];
    if (!isText(field))
      continue;
    uint64_t bytes = elementCount(program, field.type) * (field.reads == BURIN_TEXT ? 4 : longestWord + 1) + 1;
    most = bytes > most ? bytes : most;
    if (!(labels[f] = field.text->collect(program, &field)))
      return false;
  }
  most = most < size + 1 ? most : size + 1;
  textBytes = most < UINT32_MAX ? uint32_t(most) : UINT32_MAX;
  return textBytes == 0 || (text = static_cast<char *>(allocate(textBytes, data->name)));
}

bool Reader::storeText(const Csv &csv, uint32_t f, void *out) {
  const burin_field &field = data->fields[f];
  TextFault fault;
  int64_t n = field.text->read(program, &field, labels[f], csv.text(), csv.cut(), out, &fault);
  if (n < 0)
    return errorAt(fault.code, csv.place(), fault.help, "field `%s`, column %u: %s", field.name, field.first_column,
                   fault.said);
  sequences[f].present = uint64_t(n);
  return true;
}

// Of a series: behind the last value, columns are empty.
bool Reader::storeNext(const Csv &csv, uint32_t f, uint64_t column, void *out) {
  const burin_field &field = data->fields[f];
  if (!*csv.text())
    return true;
  if (column - field.first_column != sequences[f].present)
    return errorAt("E0519", csv.place(), "a series ends where its columns begin to be empty",
                   "field `%s`, column %llu: a value behind an empty column", field.name, number(column));
  ++sequences[f].present;
  return store(csv, field, column, out);
}

// The lengths, one for all fields along an axis, and what stands behind them.
bool Reader::finishSequences(Part *part, uint64_t row) {
  for (uint32_t f = 0; f < data->field_count; ++f) {
    const burin_field &field = data->fields[f];
    if (!isSequence(field))
      continue;
    uint64_t present = sequences[f].present;
    if (!present)
      return errorAt("E0518", sequences[f].place, "what stands along a bounded axis has at least one element",
                     "field `%s`, column %u: the series is empty", field.name, field.first_column);
    for (uint32_t g = 0; g < f; ++g)
      if (isSequence(data->fields[g]) && data->fields[g].length == field.length && sequences[g].present != present)
        return errorAt("E0519", sequences[f].place, "fields along one axis have one length; declare another axis",
                       "field `%s`, column %u: %llu elements along `%s`, and `%s` has %llu in this row", field.name,
                       field.first_column, number(present), program->axes[field.type.axes[0]].name,
                       data->fields[g].name, number(sequences[g].present));
    if (!part)
      continue;
    static_cast<int64_t *>(part->columns[field.length])[row] = int64_t(present);
    fillAbsent(program, field.type, present,
               static_cast<char *>(part->columns[f]) + row * elementCount(program, field.type) * field.type.bytes);
  }
  return true;
}

bool Reader::parseField(const Csv &csv, uint32_t f, uint64_t column, Part *part, uint64_t row) {
  const burin_field &field = data->fields[f];
  char ignored[8], *values = part ? static_cast<char *>(part->columns[f]) : nullptr;
  uint64_t element = row * elementCount(program, field.type) + (column - field.first_column);
  void *out = values ? values + element * field.type.bytes : ignored;
  if (isSequence(field) && column == field.first_column)
    sequences[f] = {0, csv.place()};
  switch (field.reads) {
  case BURIN_TEXT:
  case BURIN_WORDS:
    return storeText(csv, f, values ? out : nullptr);
  case BURIN_SERIES:
    return storeNext(csv, f, column, out);
  default:
    return store(csv, field, column, out);
  }
}

bool Reader::parseRow(Csv &csv, Part *part, uint64_t row) {
  for (uint64_t column = 0; column < width; ++column) {
    auto has = [&](const burin_field &f) {
      return column >= f.first_column && column - f.first_column < f.column_count;
    };
    uint32_t first = 0;
    bool isText = false;
    while (first < data->field_count && !has(data->fields[first]))
      ++first;
    for (uint32_t f = first; f < data->field_count; ++f)
      isText |= burin_rt::isText(data->fields[f]) && has(data->fields[f]);
    if (!(isText ? csv.next(text, textBytes) : csv.next(first < data->field_count)))
      return false;
    for (uint32_t f = first; f < data->field_count; ++f)
      if (has(data->fields[f]) && !parseField(csv, f, column, part, row))
        return false;
  }
  return finishSequences(part, row);
}

// Rows whose parts are said by conditions: they are read once more before, one after the other into the same place.
bool Reader::choose() {
  Part row{1, allocateZeroed<void *>(data->field_count, data->name)};
  bool fine = row.columns && split.prepare(rows) && prepareSequences();
  for (uint32_t f = 0; fine && f < data->field_count; ++f)
    fine = (row.columns[f] = allocate(elementCount(program, data->fields[f].type) * data->fields[f].type.bytes,
                                      data->name)) != nullptr;
  Csv csv(data->path, file, size);
  for (uint64_t r = 0; fine && r < rows; ++r)
    if ((fine = parseRow(csv, &row, 0)))
      split.take(r, row.columns);
  for (uint32_t f = 0; row.columns && f < data->field_count; ++f)
    free(row.columns[f]);
  free(row.columns);
  releaseSequences();
  chosen = csv.sum();
  return fine;
}

void Reader::releaseSequences() {
  for (uint32_t f = 0; labels && f < data->field_count; ++f)
    if (labels[f])
      data->fields[f].text->release(labels[f]);
  free(sequences), free(labels), free(text);
  sequences = nullptr, labels = nullptr, text = nullptr;
}

bool Reader::parse() {
  uint64_t *filled = allocateZeroed<uint64_t>(data->part_count, data->name);
  bool fine = filled && prepareSequences();
  Csv csv(data->path, file, size);
  for (uint64_t r = 0; fine && r < rows; ++r) {
    uint32_t p = split.partOfNext();
    bool in = p < data->part_count;
    fine = parseRow(csv, in ? &parts[p] : nullptr, in ? filled[p]++ : 0);
  }
  free(filled);
  releaseSequences();
  parsed = csv.sum();
  return fine;
}

bool Reader::load() {
  Stamp before(file);
  bool fine = count() && (!split.hasConditions() || choose()) && split.divide(rows) && parse();
  bool same = counted == parsed && (!split.taken || counted == chosen);
  split.release();
  if (before == Stamp(file) && (!fine || same))
    return fine;
  return changedWhileRead(data->path);
}
} // namespace
} // namespace burin_rt
using namespace burin_rt;

extern "C" int burin_read_csv(const burin_program *program, uint32_t number, uint64_t splitSeed, void *all) {
  const burin_data &data = program->data[number];
  Part *parts = static_cast<Part *>(all) + data.first_part;
  uint64_t size = 0;
  int file = openData(data, size);
  if (file < 0)
    return 0;
  Split split{program, &data, parts, foldIn(splitSeed, number), false, "rows"};
  bool fine = Reader{program, &data, file, size, parts, split}.load();
  close(file);
  return fine;
}
