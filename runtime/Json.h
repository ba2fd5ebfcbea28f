//===- Json.h - A small bounded reader of JSON ----------------------------------===//
//
// Of what headers of safetensors files are: objects, strings, lists of natural numbers. The caller asks for what it
// wants next, so depth is the caller's. Strings are decoded where they stand.
//
//===----------------------------------------------------------------------===//
#pragma once
#include <stdint.h>

namespace burin_rt {

class Json {
public:
  /// Over a text that may be written to, and need not end with NUL. A copy reads on from the same place.
  Json(char *text, uint64_t size) : at(text), end(text + size) {}

  /// Takes this character if it is next, after blanks.
  bool take(char c);
  bool atEnd();
  /// A string, NUL-terminated in place; null if none is next, or it holds a NUL or is no UTF-8 escape that can be
  /// decoded.
  const char *string();
  /// A natural number without sign, fraction or exponent, at most 2^63.
  bool number(uint64_t &out);

private:
  void blanks();
  bool escape(char *&out);
  char *at, *end;
};

} // namespace burin_rt
