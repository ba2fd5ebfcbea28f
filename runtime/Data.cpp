// CSV files (RFC 4180 quotes, LF or CRLF, no header), parsed into columns and split into parts.
#include "runtime/Draws.h"
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

namespace burin_rt {

char *readFile(const char *path, uint64_t &size, const char *code, const char *help) {
  FILE *f = fopen(path, "rb");
  struct stat status;
  if (!f || fstat(fileno(f), &status) != 0 || !S_ISREG(status.st_mode)) {
    errorAt(code, path, 0, 0, help, "can't read the file: %s", f ? "it is no ordinary file" : strerror(errno));
    if (f)
      fclose(f);
    return nullptr;
  }
  size = uint64_t(status.st_size);
  char *text = static_cast<char *>(allocate(size + 1, path));
  bool fine = text && fread(text, 1, size, f) == size;
  fclose(f);
  if (!fine) {
    if (text)
      errorAt(code, path, 0, 0, "it changed while it was read, or its disk fails", "can't read all of the file");
    return nullptr;
  }
  text[size] = 0;
  return text;
}

namespace {
/// Walks a CSV text, field by field.
struct Csv {
  const char *path, *text, *end, *at;
  uint64_t line = 1;
  const char *lineStart;
  char field[512];
  uint64_t column = 0; ///< of the field's first character, from 1
  bool lastOfRow = false, failed = false;

  uint64_t columnOf(const char *p) const { return uint64_t(p - lineStart) + 1; }
  bool fail(const char *message, const char *help) {
    errorAt("E0421", path, line, column, help, "%s", message);
    failed = true;
    return false;
  }
  bool next(bool keep);
  void endRow() {
    if (at < end && *at == '\r')
      ++at;
    if (at < end && *at == '\n')
      ++at;
    ++line;
    lineStart = at;
  }
  bool atEnd() const { return at >= end; }
};

// One field into `field` (if it is to be kept), and what ended it.
bool Csv::next(bool keep) {
  column = columnOf(at);
  size_t n = 0;
  auto put = [&](char c) {
    if (!keep)
      return true;
    if (n + 1 >= sizeof field)
      return false;
    field[n++] = c;
    return true;
  };
  bool quoted = at < end && *at == '"';
  if (quoted) {
    for (++at; at < end; ++at) {
      if (*at == '"' && at + 1 < end && at[1] == '"')
        ++at;
      else if (*at == '"')
        break;
      if (!put(*at))
        return fail("this field is too long for a number or a label", "is a quote missing?");
    }
    if (at >= end)
      return fail("this quote never closes", "close it with `\"`");
    ++at;
    if (at < end && *at != ',' && *at != '\n' && *at != '\r')
      return fail("after a closing quote comes a comma or the line's end", "write `\"\"` for a quote inside quotes");
  } else {
    for (; at < end && *at != ',' && *at != '\n' && !(*at == '\r' && at + 1 < end && at[1] == '\n'); ++at) {
      if (*at == 0)
        return fail("there is a NUL byte in this field", "is this a text file?");
      if (!put(*at))
        return fail("this field is too long for a number or a label", "numbers have at most 500 characters");
    }
    while (keep && n > 0 && (field[n - 1] == ' ' || field[n - 1] == '\t' || field[n - 1] == '\r'))
      --n;
  }
  if (keep)
    field[n] = 0;
  lastOfRow = at >= end || *at != ',';
  if (!lastOfRow)
    ++at;
  return true;
}

uint64_t countRows(const char *text, const char *end) {
  uint64_t rows = 0;
  bool inQuotes = false, content = false;
  for (const char *p = text; p < end; ++p) {
    if (*p == '"')
      inQuotes = !inQuotes;
    if (*p == '\n' && !inQuotes)
      rows += content, content = false;
    else if (*p != '\r')
      content = true;
  }
  return rows + content;
}

/// Where rows go: part by rank.
struct Split {
  const struct burin_program *program;
  const burin_data *data;
  uint64_t key, rows;
  uint64_t *limits; ///< ranks below limits[p] are in part p or before

  Split(const struct burin_program *program, const burin_data *data, uint64_t key, uint64_t rows) : program(program), data(data), key(key), rows(rows) {
    limits = static_cast<uint64_t *>(calloc(data->part_count, sizeof(uint64_t)));
    uint64_t used = 0;
    double shares = 0;
    for (uint32_t p = 0; p < data->part_count; ++p) {
      const burin_part &part = program->parts[data->first_part + p];
      shares += part.share;
      bool rest = part.is_rest || (p + 1 == data->part_count && shares > 1 - 1e-9);
      used = rest ? rows : used + uint64_t(double(rows) * part.share);
      limits[p] = used = used < rows ? used : rows;
    }
  }
  int part(uint64_t row) const {
    if (data->part_count == 1 && limits[0] == rows)
      return 0;
    uint64_t rank = shuffle(key, rows, row);
    for (uint32_t p = 0; p < data->part_count; ++p)
      if (rank < limits[p])
        return int(p);
    return -1; // in no part
  }
};

bool parseRow(const struct burin_program *program, const burin_data &data, Csv &csv, Part *part, uint64_t row, uint32_t &width) {
  uint32_t columns = 0;
  do {
    const burin_field *wanted = nullptr;
    uint32_t number = 0;
    for (uint32_t f = 0; f < data.field_count; ++f)
      if (columns >= data.fields[f].first_column && columns - data.fields[f].first_column < data.fields[f].column_count)
        wanted = &data.fields[f], number = f;
    if (!csv.next(wanted != nullptr))
      return false;
    if (wanted) {
      char ignored[8];
      uint64_t place = row * wanted->column_count + (columns - wanted->first_column);
      void *out = part ? static_cast<void *>(static_cast<char *>(part->columns[number]) + place * wanted->type.bytes) : ignored;
      if (const char *expected = parseElement(program, wanted->type, csv.field, out)) {
        char message[256], help[256];
        const burin_axis *axis = wanted->type.element == BURIN_INDEX ? &program->axes[wanted->type.index_axis] : nullptr;
        if (axis)
          snprintf(message, sizeof message, "field `%.60s`, column %u: expected %s `%.60s`, found `%.60s`", wanted->name, columns, expected, axis->name, csv.field);
        else
          snprintf(message, sizeof message, "field `%.60s`, column %u: expected %s, found `%.60s`", wanted->name, columns, expected, csv.field);
        if (axis && !axis->label_count)
          snprintf(help, sizeof help, "indices of `%.60s` are 0 to %lld", axis->name, static_cast<long long>(axis->extent - 1));
        else
          snprintf(help, sizeof help, "%s", csv.line == 1 ? "is the first line a header? Remove it" : "mend the row, or the field's columns");
        return csv.fail(message, help);
      }
    }
    ++columns;
  } while (!csv.lastOfRow);
  uint32_t needed = 0;
  for (uint32_t f = 0; f < data.field_count; ++f)
    if (uint32_t last = data.fields[f].first_column + data.fields[f].column_count; last > needed)
      needed = last;
  char message[200];
  if (width == 0)
    width = columns;
  if (columns < needed) {
    snprintf(message, sizeof message, "this row has %u columns, and the fields of `%.60s` need %u", columns, data.name, needed);
    return csv.fail(message, "columns are counted from 0");
  }
  if (columns != width) {
    snprintf(message, sizeof message, "this row has %u columns, and the first has %u", columns, width);
    return csv.fail(message, "all rows have as many columns");
  }
  csv.endRow();
  return true;
}
} // namespace

bool loadData(burin_run *run, uint32_t number) {
  const struct burin_program *program = run->program;
  const burin_data &data = program->data[number];
  uint64_t size = 0;
  char *text = readFile(data.path, size, "E0420", "paths are relative to the working directory: go there, or give `--directory`");
  if (!text)
    return false;
  const char *start = text;
  if (size >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3))
    start += 3;
  uint64_t rows = countRows(start, text + size);
  if (rows == 0 || rows > uint64_t(1) << 32) {
    errorAt("E0420", data.path, 0, 0, "a data set has 1 to 2^32 rows", rows ? "the file has too many rows" : "the file is empty");
    free(text);
    return false;
  }
  Split split(program, &data, foldIn(uint64_t(run->settings.splitSeed), number), rows);
  Part *parts = run->parts + data.first_part;
  for (uint64_t r = 0; r < rows; ++r)
    if (int p = split.part(r); p >= 0)
      ++parts[p].rows;
  bool fine = true;
  for (uint32_t p = 0; fine && p < data.part_count; ++p) {
    if (parts[p].rows == 0) {
      errorAt("E0422", data.path, 0, 0, "give the part a larger share, or the file more rows", "the part `%s` of `%s` has no rows", program->parts[data.first_part + p].name, data.name);
      fine = false;
      break;
    }
    parts[p].columns = static_cast<void **>(calloc(data.field_count + 1, sizeof(void *)));
    for (uint32_t f = 0; fine && f < data.field_count; ++f)
      fine = (parts[p].columns[f] = allocate(parts[p].rows * data.fields[f].column_count * data.fields[f].type.bytes, data.name)) != nullptr;
  }
  Csv csv{data.path, start, text + size, start, 1, start, {}, 0, false, false};
  uint64_t *filled = static_cast<uint64_t *>(calloc(data.part_count, sizeof(uint64_t)));
  uint32_t width = 0;
  for (uint64_t r = 0; fine && r < rows;) {
    if (!csv.atEnd() && (*csv.at == '\n' || (*csv.at == '\r' && csv.at + 1 < csv.end && csv.at[1] == '\n'))) {
      csv.endRow(); // a blank line
      continue;
    }
    int p = split.part(r);
    fine = parseRow(program, data, csv, p < 0 ? nullptr : &parts[p], p < 0 ? 0 : filled[p]++, width);
    ++r;
  }
  free(filled), free(split.limits), free(text);
  return fine;
}
} // namespace burin_rt
