// Any bytes as a CSV file: it is read, and then every value is one of its type, or refused with an error. How much of
// it is read at a time makes no difference.
#include "runtime/Csv.h"
#include "runtime/Data.h"
#include "runtime/Values.h"
#include "test/Fuzz/Fuzz.h"
#include <math.h>
#include <memory>
#include <stdlib.h>
#include <string.h>
using namespace burin_rt;

enum { TRAIN, TEST, PIXEL, DIGIT, SIDE, GLYPH, TIME };
static const char *const sides[] = {"left", "right"}, *const glyphs[] = {"stop", "1", "2", ".", "\xC3\xA9"};
static const burin_axis axes[] = {
    {"data.train", -1, 0, nullptr}, {"data.test", -1, 0, nullptr}, {"pixel", 2, 0, nullptr}, {"digit", 10, 0, nullptr},
    {"side", 2, 2, sides},          {"glyph", 5, 5, glyphs},       {"time", 3, 0, nullptr}};
static const uint32_t pixels[] = {PIXEL}, times[] = {TIME}, stop[] = {0};
// A field of numbers or labels; what reads it, its text and labels around it are added to it.
static constexpr burin_field numbers(const char *name, burin_type type, uint32_t first, uint32_t count) {
  burin_field field = {};
  field.name = name, field.type = type, field.first_column = first, field.column_count = count;
  return field;
}
static constexpr burin_field sequence(burin_field field, uint32_t reads, uint32_t length, const burin_text *text) {
  field.reads = reads, field.length = length, field.text = text;
  if (text)
    field.after = stop, field.after_count = 1;
  return field;
}
static constexpr burin_field ofWords(burin_field field, uint32_t first, uint32_t past) {
  field.first_word = first, field.past_words = past;
  return field;
}
static constexpr burin_type count = {BURIN_I64, 0, 8, 0, nullptr}, text = {BURIN_INDEX, GLYPH, 1, 1, times};
static constexpr burin_field length = sequence(numbers("time.length", count, 0, 0), BURIN_LENGTH, 0, nullptr);
static const burin_field fields[] = {numbers("image", {BURIN_F32, 0, 4, 1, pixels}, 0, 2),
                                     numbers("digit", {BURIN_INDEX, DIGIT, 1, 0, nullptr}, 2, 1),
                                     numbers("side", {BURIN_INDEX, SIDE, 1, 0, nullptr}, 3, 1),
                                     numbers("wide", {BURIN_F64, 0, 8, 0, nullptr}, 0, 1),
                                     numbers("whole", {BURIN_I32, 0, 4, 0, nullptr}, 5, 1),
                                     numbers("loud", {BURIN_BOOL, 0, 1, 0, nullptr}, 6, 1),
                                     numbers("small", {BURIN_U8, 0, 1, 0, nullptr}, 2, 1)};
static const burin_field sequences[] = {
    sequence(numbers("text", text, 0, 1), BURIN_TEXT, 2, &burin_characters),
    sequence(numbers("series", {BURIN_F32, 0, 4, 1, times}, 1, 3), BURIN_SERIES, 2, nullptr), length};
static const burin_field words[] = {ofWords(sequence(numbers("words", text, 0, 1), BURIN_WORDS, 1, &burin_words), 1, 5),
                                    length};
static const burin_part described[] = {{"train", 0, 0.5, 0, TRAIN, nullptr, 0, nullptr},
                                       {"test", 0, 0.5, 1, TEST, nullptr, 0, nullptr}};

// `train: wide * 2 < 6 or not loud`.
static const burin_step steps[] = {{BURIN_FIELD, BURIN_F64, 3, 0, 0}, {BURIN_CONSTANT, BURIN_F64, 0, 2, 0},
                                   {BURIN_MUL, BURIN_F64, 0, 0, 0},   {BURIN_CONSTANT, BURIN_F64, 0, 6, 0},
                                   {BURIN_LT, BURIN_F64, 0, 0, 0},    {BURIN_FIELD, BURIN_BOOL, 5, 0, 0},
                                   {BURIN_NOT, BURIN_BOOL, 0, 0, 0},  {BURIN_OR, BURIN_BOOL, 0, 0, 0}};
static const burin_part byCondition[] = {{"train", 0, 0, 0, TRAIN, burin_holds, 8, steps},
                                         {"test", 0, 1, 1, TEST, nullptr, 0, nullptr}};

static void requireSameInPieces(size_t size, uint32_t piece) {
  std::unique_ptr<Csv> whole(new Csv("data.csv", fuzz::descriptor, size)),
      cut(new Csv("data.csv", fuzz::descriptor, size, piece));
  for (uint64_t field = 0; !whole->atEnd(); ++field) {
    fuzz::require(!cut->atEnd(), "pieces have as many fields");
    bool keep = field % 3 != 1, fine = whole->next(keep);
    fuzz::require(cut->next(keep) == fine, "pieces are refused alike");
    fuzz::require(whole->place().line == cut->place().line && whole->place().column == cut->place().column,
                  "pieces have the same places");
    if (!fine)
      return;
    fuzz::require(!strcmp(whole->text(), cut->text()), "pieces have the same fields");
    fuzz::require(whole->endedRow() == cut->endedRow(), "pieces have the same rows");
  }
  fuzz::require(cut->atEnd(), "pieces have no more fields");
  fuzz::require(whole->sum() == cut->sum(), "pieces have the same sum");
}

// A row that is passed at once is one that would be passed field by field.
static void requireSameRows(size_t size, uint32_t piece) {
  std::unique_ptr<Csv> fields(new Csv("data.csv", fuzz::descriptor, size)),
      rows(new Csv("data.csv", fuzz::descriptor, size, piece));
  for (uint64_t columns; !fields->atEnd();) {
    columns = 0;
    do {
      if (!fields->next(false)) // a NUL in a row that was passed is said by who reads its fields
        return;
      ++columns;
    } while (!fields->endedRow());
    fuzz::require(!rows->skipRow(columns + 1), "a row has as many columns as fields");
    if (!rows->skipRow(columns))
      for (uint64_t field = 0; field < columns; ++field)
        fuzz::require(rows->next(false) && rows->endedRow() == (field + 1 == columns), "rows have as many fields");
  }
  fuzz::require(rows->atEnd(), "no more rows");
  fuzz::require(fields->sum() == rows->sum(), "rows have the same sum");
}

static void requireValue(const burin_field &field, const char *value) {
  float narrow;
  double wide;
  switch (field.type.element) {
  case BURIN_F32:
    memcpy(&narrow, value, 4);
    return fuzz::require(isfinite(narrow), "a number is finite");
  case BURIN_F64:
    memcpy(&wide, value, 8);
    return fuzz::require(isfinite(wide), "a number is finite");
  case BURIN_INDEX:
    return fuzz::require(uint8_t(*value) < axes[field.type.index_axis].extent, "an index lies in its axis");
  case BURIN_BOOL:
    return fuzz::require(uint8_t(*value) < 2, "a bool is true or false");
  case BURIN_I64:
    return fuzz::require(*value > 0 && *value <= axes[TIME].extent, "a length lies in its axis");
  }
}

static void requireRead(const burin_data &set, const burin_part *described) {
  burin_program program = {};
  program.axis_count = sizeof axes / sizeof *axes, program.axes = axes, program.data_count = 1, program.data = &set,
  program.part_count = 2, program.parts = described;
  Part parts[2] = {};
  fuzz::Printed printed;
  bool fine = set.read(&program, 0, 1, parts);
  printed.requireErrorIf(!fine);
  for (const Part &part : parts) {
    for (uint32_t f = 0; part.columns && f < set.field_count; ++f) {
      const burin_field &field = set.fields[f];
      bool wide = described == byCondition && field.type.element == BURIN_F64;
      for (uint64_t i = 0; fine && wide && i < part.rows; ++i) {
        double value;
        memcpy(&value, static_cast<const char *>(part.columns[f]) + 8 * i, 8);
        bool loud = static_cast<const char *>(part.columns[5])[i];
        fuzz::require((value * 2 < 6 || !loud) == (&part == parts), "a row is where its condition holds");
      }
      for (uint64_t i = 0; fine && i < part.rows * elementCount(&program, field.type); ++i)
        requireValue(field, static_cast<const char *>(part.columns[f]) + i * field.type.bytes);
      free(part.columns[f]);
    }
    free(part.columns);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  fuzz::Run run;
  fuzz::setFile(data, size);
  const burin_data sets[] = {
      {"data", fuzz::path, burin_read_csv, sizeof fields / sizeof *fields, fields, 0, 2},
      {"sequences", fuzz::path, burin_read_csv, sizeof sequences / sizeof *sequences, sequences, 0, 2},
      {"words", fuzz::path, burin_read_csv, sizeof words / sizeof *words, words, 0, 2}};
  for (const burin_data &set : sets)
    requireRead(set, described);
  requireRead(sets[0], byCondition);
  requireSameInPieces(size, 3 + size % 14);
  requireSameRows(size, 3 + size % 30);
  return 0;
}
