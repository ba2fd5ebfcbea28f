#include "runtime/Split.h"
#include "runtime/Draws.h"
#include "runtime/Errors.h"
#include "runtime/Files.h"
#include "runtime/Values.h"
#include <stdlib.h>

namespace burin_rt {

static unsigned long long number(uint64_t n) { return n; } // for printf

int openData(const burin_data &data, uint64_t &size) {
  return openFile(data.path, size, "E0420",
                  "paths are relative to the working directory: go there, or give `--directory`");
}

bool changedWhileRead(const char *path) {
  return errorAt("E0420", {path}, "run again when nothing writes to it: nothing was done with what was read",
                 "the file changed while it was read");
}

// How many rows each part has: as many as it says, or floor(rows * share); `rest`, or the last part when shares make up
// the whole, takes what is left. A share is a percentage rounded to binary, so a product that misses a whole number by
// that rounding counts as that number (29 % of 100 is 29).
bool Split::divide(uint64_t counted) {
  rows = counted, drawn = counted;
  for (uint32_t p = 0; p < data->part_count; ++p)
    drawn -= parts[p].rows; // so far, those that conditions took
  limits = allocateZeroed<uint64_t>(data->part_count, data->name);
  if (!limits)
    return false;
  const burin_part *described = program->parts + data->first_part;
  uint64_t given = 0;
  double shares = 0;
  uint32_t rest = data->part_count;
  for (uint32_t p = 0; p < data->part_count; ++p)
    if (described[p].is_rest)
      rest = p;
    else if (!described[p].holds)
      shares += described[p].share > 0 ? described[p].share : 0;
  if (rest == data->part_count && shares > 1 - 1e-9 && described[rest - 1].share > 0 && !taken)
    rest = data->part_count - 1;
  for (uint32_t p = 0; p < data->part_count; ++p) {
    if (described[p].holds)
      continue;
    double share = described[p].share;
    uint64_t wanted = p == rest ? 0 : uint64_t(share < 0 ? -share : double(drawn) * share * (1 + 1e-12));
    parts[p].rows = wanted < drawn - given ? wanted : drawn - given;
    if (share < 0 && parts[p].rows < wanted)
      return errorAt("E0422", {data->path}, "ask for fewer, or give the file more rows",
                     "the part `%s` of `%s` is to have %llu %s, and of the file's %llu it can have %llu",
                     described[p].name, data->name, number(wanted), what, number(rows), number(parts[p].rows));
    given += parts[p].rows;
  }
  if (rest < data->part_count)
    parts[rest].rows = drawn - given;
  for (uint32_t p = 0; p < data->part_count; ++p) {
    limits[p] = (p ? limits[p - 1] : 0) + (described[p].holds ? 0 : parts[p].rows);
    if (parts[p].rows == 0)
      return errorAt("E0422", {data->path},
                     described[p].holds ? "its condition holds in no row that no part before took"
                                        : "give the part a larger share, or the file more rows",
                     "the part `%s` of `%s` has none of the file's %llu %s", described[p].name, data->name,
                     number(rows), what);
    parts[p].columns = allocateZeroed<void *>(data->field_count, data->name);
    for (uint32_t f = 0; parts[p].columns && f < data->field_count; ++f) {
      uint64_t row = elementCount(program, data->fields[f].type) * data->fields[f].type.bytes, bytes = 0;
      if (__builtin_mul_overflow(parts[p].rows, row, &bytes))
        bytes = UINT64_MAX; // of a bounded axis, which need not have a place in the file for each element
      if (!(parts[p].columns[f] = allocate(bytes, data->name)))
        return false;
    }
    if (!parts[p].columns)
      return false;
  }
  return true;
}

uint32_t Split::partOfNext() {
  uint64_t row = next++;
  if (taken && taken[row] != none)
    return taken[row];
  if (limits[0] == rows)
    return 0;
  uint64_t rank = inOrder ? row : shuffle(key, drawn, nextDrawn++);
  uint32_t p = 0;
  while (p < data->part_count && rank >= limits[p])
    ++p;
  return p; // part_count: in none
}

bool Split::hasConditions() const {
  for (uint32_t p = 0; p < data->part_count; ++p)
    if (program->parts[data->first_part + p].holds)
      return true;
  return false;
}

bool Split::prepare(uint64_t counted) { return (taken = static_cast<uint8_t *>(allocate(counted, data->name))); }

void Split::take(uint64_t row, void *const *columns) {
  uint32_t p = 0;
  const burin_part *described = program->parts + data->first_part;
  while (p < data->part_count && !(described[p].holds && described[p].holds(&described[p], data->fields, columns)))
    ++p;
  taken[row] = p < data->part_count ? uint8_t(p) : none;
  if (p < data->part_count)
    ++parts[p].rows;
}

void Split::release() { free(limits), free(taken), limits = nullptr, taken = nullptr; }

} // namespace burin_rt
