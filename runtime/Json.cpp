#include "runtime/Json.h"
#include <string.h>

namespace burin_rt {

void Json::blanks() {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
    ++at;
}

bool Json::take(char c) {
  blanks();
  if (at >= end || *at != c)
    return false;
  ++at;
  return true;
}

bool Json::atEnd() {
  blanks();
  return at >= end;
}

// `at` is behind a backslash. Decoded text is never longer than its escape.
bool Json::escape(char *&out) {
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  char c = at < end ? *at++ : 0;
  if (const char *p = c ? strchr(from, c) : nullptr) {
    *out++ = to[p - from];
    return true;
  }
  if (c != 'u' || end - at < 4)
    return false;
  uint32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    char h = *at++;
    uint32_t digit = h >= '0' && h <= '9'   ? uint32_t(h - '0')
                     : h >= 'a' && h <= 'f' ? uint32_t(h - 'a' + 10)
                     : h >= 'A' && h <= 'F' ? uint32_t(h - 'A' + 10)
                                            : 16;
    if (digit == 16)
      return false;
    code = code << 4 | digit;
  }
  if (code == 0 || (code >= 0xD800 && code < 0xE000)) // pairs of surrogates stand in no name that we write
    return false;
  if (code < 0x80) {
    *out++ = char(code);
  } else if (code < 0x800) {
    *out++ = char(0xC0 | code >> 6), *out++ = char(0x80 | (code & 63));
  } else {
    *out++ = char(0xE0 | code >> 12), *out++ = char(0x80 | (code >> 6 & 63)), *out++ = char(0x80 | (code & 63));
  }
  return true;
}

const char *Json::string() {
  if (!take('"'))
    return nullptr;
  char *start = at, *out = at;
  while (at < end && *at != '"') {
    char c = *at++;
    if (static_cast<unsigned char>(c) < 32)
      return nullptr;
    if (c != '\\')
      *out++ = c;
    else if (!escape(out))
      return nullptr;
  }
  if (at >= end)
    return nullptr;
  ++at;
  *out = 0;
  return start;
}

bool Json::number(uint64_t &out) {
  blanks();
  const char *start = at;
  out = 0;
  for (; at < end && *at >= '0' && *at <= '9'; ++at) {
    if (out > (uint64_t(1) << 63) / 10 - 1)
      return false;
    out = out * 10 + uint64_t(*at - '0');
  }
  return at > start;
}

} // namespace burin_rt
