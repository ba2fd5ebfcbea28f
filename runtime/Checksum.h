//===- Checksum.h - XXH64 -----------------------------------------------------------===//
#pragma once
#include <stdint.h>

namespace burin_rt {

/// XXH64 (Yann Collet's xxHash, 64 bits, seed 0) of bytes that come piece by piece. It finds damage, not forgery.
class Checksum {
public:
  void add(const void *bytes, uint64_t size);
  /// Of what came so far; more may follow.
  uint64_t value() const;

  /// `xxh64:` and sixteen lower-case hexadecimal digits. Gives its argument.
  using Text = char[6 + 16 + 1];
  const char *print(Text &text) const;

private:
  static constexpr uint64_t p1 = 0x9E3779B185EBCA87u, p2 = 0xC2B2AE3D27D4EB4Fu;
  uint64_t lanes[4] = {p1 + p2, p2, 0, 0 - p1}, total = 0;
  unsigned char rest[32]; ///< the last `total % 32` bytes
};

} // namespace burin_rt
