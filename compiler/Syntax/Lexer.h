//===- Lexer.h - Text to tokens ---------------------------------------------===//
#pragma once
#include "compiler/Support/Diagnostics.h"

namespace burin::syntax {

struct Token {
  enum Kind { End, NewLine, Name, Number, String, Punctuation } kind = End;
  Location place;
  std::string_view text; ///< of a Name without its primes
  unsigned primes = 0;
  bool spaceBefore = false, spaceAfter = false;
  bool is(std::string_view s) const { return (kind == Name || kind == Punctuation) && text == s; }
};

/// Tokens of a file, NewLine only where a line ends a statement (grammar.md, "Lexical rules"). Refuses bytes that are
/// not UTF-8, unknown characters, unclosed strings, unbalanced brackets; what it returns is balanced unless an error
/// was reported.
std::vector<Token> tokenize(uint32_t file, DiagnosticEngine &diagnostics);

/// One of the sixteen reserved words.
bool isReserved(std::string_view word);

} // namespace burin::syntax
