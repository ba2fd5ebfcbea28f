//===- Csv.h - Comma-separated text, field by field -----------------------------===//
#pragma once
#include "runtime/Errors.h"

namespace burin_rt {

/// Walks a text of RFC 4180: fields in quotes may hold commas, line ends and doubled quotes; rows end with LF or CRLF;
/// no header. Line ends after the last row are no rows. Errors are printed as E0421 with file, line and column.
class Csv {
public:
  Csv(const char *path, const char *text, uint64_t size);

  bool atEnd() const { return at >= end; }
  /// Reads the next field. With `keep` its text is kept, without quotes, or the blanks around a field that has none.
  /// False: an error was printed.
  bool next(bool keep);
  /// The field read last: its text, where it began, whether it ended its row.
  const char *text() const { return field; }
  Place place() const { return start; }
  bool endedRow() const { return rowEnded; }

private:
  bool fail(const char *message, const char *help) const;
  bool quoted(bool keep);
  bool plain(bool keep);
  bool put(char c);
  bool lineEndsAt(const char *p) const { return *p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n'); }
  Place here() const { return {path, line, uint64_t(at - lineStart) + 1}; }

  const char *path, *at, *end, *lineStart;
  uint64_t line = 1;
  Place start;
  bool rowEnded = false;
  size_t length = 0;
  char field[512];
};

} // namespace burin_rt
