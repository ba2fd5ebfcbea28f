// Data sets whose rows are the characters of a text, or its words. The file is walked twice, in pieces: to count them,
// and to find their labels. The same file gives both walks the same bytes.
#include "runtime/Checksum.h"
#include "runtime/Draws.h"
#include "runtime/Errors.h"
#include "runtime/Files.h"
#include "runtime/Sequences.h"
#include "runtime/Split.h"
#include "runtime/Words.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

namespace burin_rt {
namespace {

constexpr uint32_t largestPiece = 1 << 16, mark = 3; ///< bytes of a byte order mark
constexpr int64_t wrong = -1, blank = -2;            ///< no label: an error; no word

struct TextReader {
  const burin_program *program;
  const burin_data *data;
  int file;
  uint64_t size;
  Split split;
  uint64_t begin = 0;  ///< behind a byte order mark
  uint64_t rows = 0;   ///< of the file
  uint32_t part = 0;   ///< that is being filled
  uint64_t row = 0;    ///< that comes next, of the file
  char *out = nullptr; ///< its label's place
  Characters characters = {};
  WordLabels words = {};
  char bytes[largestPiece + 1] = {}; ///< of the file, and a NUL behind them

  bool load();
  bool read(uint64_t from, uint32_t count, uint32_t kept, Checksum &sum);
  bool count(Checksum &sum);
  bool collect();
  bool label(Checksum &sum);
  const char *characterAt(const char *p, const char *end, bool last, int64_t &label) const;
  const char *wordAt(const char *p, const char *end, bool last, int64_t &label) const;
  void put(int64_t label);
  bool fail(uint64_t offset, const char *at, const char *past);
  bool ofWords() const { return data->fields[0].reads == BURIN_WORDS; }
  Place placeOf(uint64_t offset);
  const burin_axis &axis() const { return program->axes[data->fields[0].type.index_axis]; }
};

bool TextReader::read(uint64_t from, uint32_t count, uint32_t kept, Checksum &sum) {
  if (!readAt(file, bytes + kept, count, from))
    return errorAt("E0420", {data->path}, "it changed while it was read, or its disk fails",
                   "can't read all of the file");
  sum.add(bytes + kept, count);
  bytes[kept + count] = 0;
  return true;
}

static uint32_t smaller(uint64_t a, uint32_t b) { return a < b ? uint32_t(a) : b; }

// A character has one byte that continues none. What is no text is found by the walk that looks at them.
bool TextReader::count(Checksum &sum) {
  char before = ' ';
  for (uint64_t at = 0; at < size; at += largestPiece) {
    uint32_t n = smaller(size - at, largestPiece);
    if (!read(at, n, 0, sum))
      return false;
    if (at == 0 && n >= mark && !memcmp(bytes, "\xEF\xBB\xBF", mark))
      begin = mark, rows -= !ofWords();
    if (ofWords())
      for (uint32_t k = at == 0 ? uint32_t(begin) : 0; k < n; before = bytes[k++])
        rows += isBlank(before) && !isBlank(bytes[k]);
    else
      for (uint32_t k = 0; k < n; ++k)
        rows += (static_cast<unsigned char>(bytes[k]) & 0xC0) != 0x80;
  }
  if (rows == 0)
    return errorAt("E0420", {data->path},
                   ofWords() ? "words stand between blanks" : "a text has at least one character", "the file %s",
                   size == begin ? "is empty" : "has no word");
  if (rows > uint64_t(1) << 32)
    return errorAt("E0420", {data->path}, "a data set has at most 2^32 rows", "the file has too many %s", split.what);
  return true;
}

void TextReader::put(int64_t label) {
  const uint32_t width = data->fields[0].type.bytes;
  while (part < data->part_count && row >= split.limits[part])
    out = ++part < data->part_count ? static_cast<char *>(split.parts[part].columns[0]) : nullptr;
  ++row;
  if (!out) // in none; or the file has more than was counted, which the sums will tell
    return;
  if (width == 1)
    *out = char(label);
  else
    memcpy(out, &label, width); // little endian
  out += width;
}

bool TextReader::collect() { return ofWords() ? words.collect(axis(), data->fields[0]) : characters.collect(axis()); }

// Behind a character and its label; null: it may go on in the next piece.
inline const char *TextReader::characterAt(const char *p, const char *end, bool last, int64_t &label) const {
  if (!last && end - p < 4)
    return nullptr;
  label = characters.take(p);
  return p;
}

// Behind a word and its label, or behind blanks; null: it may go on in the next piece.
const char *TextReader::wordAt(const char *p, const char *end, bool last, int64_t &label) const {
  const char *from = p;
  label = blank;
  if (isBlank(*p)) {
    while (p < end && isBlank(*p))
      ++p;
    return p;
  }
  while (p < end && !isBlank(*p))
    ++p;
  if (p == end && !last && p - from <= longestWord)
    return nullptr;
  label = words.find(from, uint32_t(p - from));
  return p;
}

bool TextReader::label(Checksum &sum) {
  out = static_cast<char *>(split.parts[0].columns[0]);
  uint32_t kept = 0;
  for (uint64_t at = 0; at < size;) {
    uint32_t n = smaller(size - at, largestPiece - kept);
    if (!read(at, n, kept, sum))
      return false;
    const char *p = bytes + (at == 0 ? begin : 0), *end = bytes + kept + n;
    at += n;
    for (bool last = at == size; p < end;) {
      int64_t label;
      const char *past = ofWords() ? wordAt(p, end, last, label) : characterAt(p, end, last, label);
      if (!past)
        break;
      if (label == wrong)
        return fail(at - uint64_t(end - p), p, past);
      if (label != blank)
        put(label);
      p = past;
    }
    kept = uint32_t(end - p);
    memmove(bytes, p, kept);
  }
  return true;
}

// Lines and columns are counted where they are asked, in the file: columns in bytes, as in all errors.
Place TextReader::placeOf(uint64_t offset) {
  Place place{data->path, 1, 1};
  char piece[4096];
  for (uint64_t at = begin; at < offset; at += sizeof piece) {
    uint32_t n = smaller(offset - at, sizeof piece);
    if (!readAt(file, piece, n, at))
      return {data->path};
    for (uint32_t k = 0; k < n; ++k)
      place.column = piece[k] == '\n' ? (++place.line, 1) : place.column + 1;
  }
  return place;
}

bool TextReader::fail(uint64_t offset, const char *at, const char *past) {
  char help[200];
  if (ofWords() && past - at > longestWord)
    return errorAt("E0516", placeOf(offset), "words stand between blanks", "a word of more than %u bytes", longestWord);
  if (ofWords() && isUtf8(at, uint32_t(past - at))) {
    snprintf(help, sizeof help, "the axis' label `rare` stands for all other words: `dim %.60s = {rare} + words(…)`",
             axis().name);
    return errorAt("E0516", placeOf(offset), help, "`%.*s` is no label of `%s`", int(past - at), at, axis().name);
  }
  for (uint32_t n; ofWords() && isUtf8(at, n = bytesAt(at)); at += n)
    offset += n;
  uint32_t length = bytesAt(at);
  auto byte = static_cast<unsigned char>(*at);
  if (length == 1 && (byte >= 128 || byte == 0))
    return errorAt("E0516", placeOf(offset), byte ? "convert the file to UTF-8" : "is this a text file?",
                   "the byte 0x%02x is no character in UTF-8", byte);
  snprintf(help, sizeof help,
           "each character is a label that `dim %.60s = …` declares, or its label `rare` stands for it", axis().name);
  uint32_t point = codePointAt(at, length);
  if (point < 32 || (point >= 127 && point < 160))
    return errorAt("E0516", placeOf(offset), help, "the control character U+%04X is no label of `%s`", point,
                   axis().name);
  return errorAt("E0516", placeOf(offset), help, "`%.*s`, U+%04X, is no label of `%s`", int(length), at, point,
                 axis().name);
}

bool TextReader::load() {
  Stamp before(file);
  Checksum counted, labelled;
  bool fine = count(counted) && split.divide(rows) && collect() && label(labelled);
  characters.release(), words.release();
  split.release();
  if (before == Stamp(file) && (!fine || counted.value() == labelled.value()))
    return fine;
  return changedWhileRead(data->path);
}
} // namespace
} // namespace burin_rt
using namespace burin_rt;

extern "C" int burin_read_text(const burin_program *program, uint32_t number, uint64_t, void *all) {
  const burin_data &data = program->data[number];
  uint64_t size = 0;
  int file = openData(data, size);
  if (file < 0)
    return 0;
  Split split{program, &data, static_cast<Part *>(all) + data.first_part,
              0,       true,  data.fields[0].reads == BURIN_WORDS ? "words" : "characters"};
  TextReader reader{program, &data, file, size, split};
  bool fine = reader.load();
  close(file);
  return fine;
}
