#include "runtime/Csv.h"
#include <string.h>

namespace burin_rt {

Csv::Csv(const char *path, const char *text, uint64_t size) : path(path), at(text), end(text + size), start{path} {
  if (size >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3)) // a byte order mark, as spreadsheets write it
    at += 3;
  while (end > at && (end[-1] == '\n' || end[-1] == '\r'))
    --end;
  lineStart = at;
}

bool Csv::fail(const char *message, const char *help) const { return errorAt("E0421", start, help, "%s", message); }

bool Csv::put(char c) {
  if (c == 0)
    return fail("there is a NUL byte in this field", "is this a text file?");
  if (length + 1 >= sizeof field)
    return fail("this field is too long for a number or a label", "is a quote or a comma missing?");
  field[length++] = c;
  return true;
}

bool Csv::quoted(bool keep) {
  for (++at; at < end; ++at) {
    if (*at == '"' && !(at + 1 < end && at[1] == '"'))
      break;
    at += *at == '"'; // the first of two
    if (keep && !put(*at))
      return false;
    if (*at == '\n')
      ++line, lineStart = at + 1;
  }
  if (at >= end)
    return fail("this quote never closes", "close it with `\"`");
  ++at;
  if (at < end && *at != ',' && !lineEndsAt(at))
    return fail("after a closing quote comes a comma or the line's end", "write `\"\"` for a quote inside quotes");
  return true;
}

bool Csv::plain(bool keep) {
  for (; at < end && *at != ',' && !lineEndsAt(at); ++at)
    if (keep && !(length == 0 && (*at == ' ' || *at == '\t')) && !put(*at))
      return false;
  while (length > 0 && (field[length - 1] == ' ' || field[length - 1] == '\t'))
    --length;
  return true;
}

bool Csv::next(bool keep) {
  start = here();
  length = 0;
  if (!(at < end && *at == '"' ? quoted(keep) : plain(keep)))
    return false;
  field[length] = 0;
  rowEnded = at >= end || *at != ',';
  if (at < end && !rowEnded)
    ++at;
  if (rowEnded && at < end) {
    at += *at == '\r' ? 2 : 1;
    ++line, lineStart = at;
  }
  return true;
}

} // namespace burin_rt
