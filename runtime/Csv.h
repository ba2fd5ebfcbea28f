//===- Csv.h - Comma-separated text, field by field -----------------------------===//
#pragma once
#include "runtime/Errors.h"

namespace burin_rt {

/// Walks a text of RFC 4180: fields in quotes may hold commas, line ends and doubled quotes; rows end with LF or CRLF;
/// no header. Line ends after the last row are no rows. The file is read in pieces and a field has a bounded length, so
/// neither a long file nor a long line takes memory. Errors are printed as E0421 with file, line and column, E0420
/// where the file can't be read.
class Csv {
public:
  static constexpr uint32_t largestPiece = 1 << 16;
  /// Over the first `size` bytes of an open file, in pieces of `piece` bytes: at least 3.
  Csv(const char *path, int file, uint64_t size, uint32_t piece = largestPiece);

  /// Whether no row is left.
  bool atEnd() const { return at >= end && !broken; }
  /// Reads the next field. With `keep` its text is kept, without quotes, or the blanks around a field that has none.
  /// False: an error was printed.
  bool next(bool keep);
  /// The same, the text kept in `memory` of `size` bytes; null: not kept. What it has no room for is dropped (`cut`).
  bool next(char *memory, uint32_t size);
  bool cut() const { return dropped; }
  /// At the beginning of a row: passes it if it has this many columns. False: it has not, or its fields have to be
  /// looked at to tell (a quote, the end of what is in memory), and nothing was done.
  bool skipRow(uint64_t columns);
  /// The field read last: its text, where it began, whether it ended its row.
  const char *text() const { return field; }
  Place place() const { return start; }
  bool endedRow() const { return rowEnded; }
  /// A sum of all bytes read. Two walks with the same sum have read the same.
  uint64_t sum() const { return hash; }

private:
  void trim();
  bool fail(const char *message, const char *help);
  bool read(uint64_t from);
  /// The byte at an offset that is `at` or shortly after it; -1 at the end.
  int byte(uint64_t offset) {
    return offset < past ? static_cast<unsigned char>(bytes[offset - first]) : byteBeyond(offset);
  }
  int byteBeyond(uint64_t offset);
  int peek() { return byte(at); }
  bool endsLine(int c) { return c == '\n' || (c == '\r' && byte(at + 1) == '\n'); }
  bool quoted(bool keep);
  bool plain(bool keep);
  bool put(char c, bool keep) { return (c != 0 && !keep) || take(c); }
  bool take(char c);

  const char *path;
  int file;
  uint32_t piece;
  bool broken = false; ///< the file can't be read; said already
  bool rowEnded = false;
  uint64_t end, at = 0, line = 1, lineStart = 0;  ///< offsets in the file; lines count from 1
  uint64_t first = 0, past = 0;                   ///< where in the file the piece in `bytes` begins and ends
  uint64_t summed = 0, hash = 0xcbf29ce484222325; ///< FNV-1a of all bytes before `summed`
  Place start;
  uint32_t length = 0;
  char own[512], *field = own;
  uint32_t room = sizeof own;
  bool dropped = false;
  char bytes[largestPiece];
};

} // namespace burin_rt
