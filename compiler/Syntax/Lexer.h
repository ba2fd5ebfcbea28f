//===- Lexer.h - Text to tokens ---------------------------------------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"

namespace burin::syntax {

struct Token {
  enum Kind {
    End,
    NewLine,
    Name,
    Number,
    String,
    Punctuation,
    Bad ///< what could not be read, and was reported: that it stands where it stands is no second error
  } kind = End;
  Location place;
  std::string_view text; ///< of a Name without its primes
  unsigned primes = 0;
  bool spaceBefore = false, spaceAfter = false;
  bool is(std::string_view s) const { return (kind == Name || kind == Punctuation) && text == s; }
};

/// The tokens of a file; the last is End.
struct Tokens {
  std::vector<Token> list;
  bool balanced = true; ///< brackets; else what the parser would report follows from that
  bool cut = false;     ///< too many: the rest of the file was not read
};

/// NewLine stands only where a line ends a statement. Refuses bytes that are not UTF-8, unknown characters, unclosed
/// strings, unbalanced brackets, and more than a million words and signs.
Tokens tokenize(uint32_t file, DiagnosticEngine &diagnostics);

/// One of the sixteen reserved words.
bool isReserved(std::string_view word);

} // namespace burin::syntax
