#include "runtime/Checksum.h"
#include <stdio.h>
#include <string.h>

namespace burin_rt {
namespace {
constexpr uint64_t p1 = 0x9E3779B185EBCA87u, p2 = 0xC2B2AE3D27D4EB4Fu, p3 = 0x165667B19E3779F9u,
                   p4 = 0x85EBCA77C2B2AE63u, p5 = 0x27D4EB2F165667C5u;

uint64_t rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }
uint64_t absorb(uint64_t lane, uint64_t word) { return rotate(lane + word * p2, 31) * p1; }
template <typename Word> Word wordAt(const unsigned char *p) { // little endian, as all machines that we know
  Word word;
  memcpy(&word, p, sizeof word);
  return word;
}
void absorbStripe(uint64_t (&lanes)[4], const unsigned char *p) {
  for (int i = 0; i < 4; ++i)
    lanes[i] = absorb(lanes[i], wordAt<uint64_t>(p + 8 * i));
}
} // namespace

void Checksum::add(const void *bytes, uint64_t size) {
  const unsigned char *p = static_cast<const unsigned char *>(bytes);
  uint64_t held = total % 32;
  total += size;
  if (held > 0) {
    uint64_t n = size < 32 - held ? size : 32 - held;
    memcpy(rest + held, p, n);
    p += n, size -= n;
    if (held + n < 32)
      return;
    absorbStripe(lanes, rest);
  }
  for (; size >= 32; p += 32, size -= 32)
    absorbStripe(lanes, p);
  memcpy(rest, p, size);
}

uint64_t Checksum::value() const {
  uint64_t h = p5;
  if (total >= 32) {
    h = rotate(lanes[0], 1) + rotate(lanes[1], 7) + rotate(lanes[2], 12) + rotate(lanes[3], 18);
    for (uint64_t lane : lanes)
      h = (h ^ absorb(0, lane)) * p1 + p4;
  }
  h += total;
  const unsigned char *p = rest, *end = rest + total % 32;
  for (; end - p >= 8; p += 8)
    h = rotate(h ^ absorb(0, wordAt<uint64_t>(p)), 27) * p1 + p4;
  for (; end - p >= 4; p += 4)
    h = rotate(h ^ wordAt<uint32_t>(p) * p1, 23) * p2 + p3;
  for (; p < end; ++p)
    h = rotate(h ^ *p * p5, 11) * p1;
  h = (h ^ h >> 33) * p2;
  h = (h ^ h >> 29) * p3;
  return h ^ h >> 32;
}

const char *Checksum::print(Text &text) const {
  snprintf(text, sizeof text, "xxh64:%016llx", static_cast<unsigned long long>(value()));
  return text;
}
} // namespace burin_rt
