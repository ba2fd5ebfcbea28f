#include "runtime/Csv.h"
#include "runtime/Files.h"

namespace burin_rt {

Csv::Csv(const char *path, int file, uint64_t size, uint32_t piece)
    : path(path), file(file), piece(piece), end(size), start{path} {
  trim();
  if (byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) // a byte order mark, as spreadsheets write it
    at = lineStart = 3;
}

// Line ends after the last row are no rows.
void Csv::trim() {
  do {
    if (!read(end > piece ? end - piece : 0))
      return;
    while (end > first && (bytes[end - first - 1] == '\n' || bytes[end - first - 1] == '\r'))
      --end;
  } while (end == first && end > 0);
  past = 0;
}

bool Csv::fail(const char *message, const char *help) {
  if (!broken)
    errorAt("E0421", start, help, "%s", message);
  return false;
}

// The piece that begins there. After a failure no bytes are left.
bool Csv::read(uint64_t from) {
  first = from, past = end - from < piece ? end : from + piece;
  if (readAt(file, bytes, past - first, first))
    return true;
  broken = true, end = past = 0;
  return errorAt("E0420", {path}, "it changed while it was read, or its disk fails", "can't read all of the file");
}

// Reads on from where the walk stands, so that a piece has what is looked at together.
int Csv::byteBeyond(uint64_t offset) {
  if (offset >= end || !read(at))
    return -1;
  for (; summed < past; ++summed) // not those that an earlier piece held, too
    hash = (hash ^ static_cast<unsigned char>(bytes[summed - first])) * 0x100000001b3;
  return static_cast<unsigned char>(bytes[offset - first]);
}

bool Csv::take(char c) {
  if (c == 0)
    return fail("there is a NUL byte in this field", "is this a text file? Spreadsheets write one as `CSV UTF-8`");
  if (length + 1 >= room)
    return dropped = true;
  field[length++] = c;
  return true;
}

bool Csv::next(bool keep) {
  if (!next(keep ? own : nullptr, sizeof own))
    return false;
  if (dropped)
    return fail("this field is too long for a number or a label", "is a quote or a comma missing?");
  return true;
}

bool Csv::quoted(bool keep) {
  for (++at;; ++at) {
    int c = peek();
    if (c < 0)
      return fail("this quote never closes", "close it with `\"`");
    if (c == '"') {
      ++at;
      if (peek() != '"') // the first of two stands for one
        break;
    }
    if (!put(char(c), keep))
      return false;
    if (c == '\n')
      ++line, lineStart = at + 1;
  }
  if (peek() >= 0 && peek() != ',' && !endsLine(peek()))
    return fail("after a closing quote comes a comma or the line's end", "write `\"\"` for a quote inside quotes");
  return true;
}

static bool isBlank(char c) { return c == ' ' || c == '\t'; }

bool Csv::plain(bool keep) {
  for (int c; (c = peek()) >= 0 && c != ',' && !endsLine(c); ++at)
    if (!put(char(c), keep && !(length == 0 && isBlank(char(c)))))
      return false;
  while (length > 0 && isBlank(field[length - 1]))
    --length;
  return true;
}

bool Csv::skipRow(uint64_t columns) {
  uint64_t commas = 0, p = at;
  while (p < past && bytes[p - first] != '\n' && bytes[p - first] != '"')
    commas += bytes[p++ - first] == ',';
  if (p >= past || bytes[p - first] != '\n' || commas + 1 != columns)
    return false;
  at = lineStart = p + 1;
  ++line;
  return true;
}

bool Csv::next(char *memory, uint32_t size) {
  const bool keep = memory;
  field = keep ? memory : own, room = keep ? size : sizeof own, dropped = false;
  start = {path, line, at - lineStart + 1};
  length = 0;
  if (!(peek() == '"' ? quoted(keep) : plain(keep)))
    return false;
  field[length] = 0;
  rowEnded = peek() != ',';
  if (!rowEnded) {
    ++at;
  } else if (!atEnd()) {
    at += peek() == '\r' ? 2 : 1;
    ++line, lineStart = at;
  }
  return !broken;
}

} // namespace burin_rt
