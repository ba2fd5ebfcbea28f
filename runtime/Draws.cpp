#include "runtime/Draws.h"
#include <string.h>

namespace burin_rt {
static uint32_t rotate(uint32_t v, unsigned r) { return v << r | v >> (32 - r); }

Words threefry(uint64_t key, uint64_t counter) {
  static const unsigned rotations[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  uint32_t ks[3] = {uint32_t(key >> 32), uint32_t(key), 0};
  ks[2] = ks[0] ^ ks[1] ^ 0x1BD11BDAu;
  uint32_t x0 = uint32_t(counter >> 32) + ks[0], x1 = uint32_t(counter) + ks[1];
  for (unsigned group = 0; group < 5; ++group) {
    for (unsigned r : rotations[group % 2]) {
      x0 += x1;
      x1 = rotate(x1, r) ^ x0;
    }
    x0 += ks[(group + 1) % 3];
    x1 += ks[(group + 2) % 3] + group + 1;
  }
  return {x0, x1};
}

uint64_t foldIn(uint64_t key, uint64_t data) {
  Words w = threefry(key, data);
  return uint64_t(w.x0) << 32 | w.x1;
}

float uniform(uint64_t key, uint64_t i) {
  Words w = threefry(key, i);
  uint32_t bits = (w.x0 ^ w.x1) >> 9 | 0x3F800000u;
  float f;
  memcpy(&f, &bits, 4);
  return f - 1.0f;
}

static uint32_t mix(uint32_t h) { // murmur3's finaliser
  h ^= h >> 16;
  h *= 0x85EBCA6Bu;
  h ^= h >> 13;
  h *= 0xC2B2AE35u;
  return h ^ h >> 16;
}

uint64_t shuffle(uint64_t key, uint64_t n, uint64_t x) {
  uint32_t k0 = uint32_t(key >> 32), k1 = uint32_t(key);
  for (uint32_t r = 1; r <= 24; ++r) {
    uint64_t k = uint64_t(mix(k0 ^ mix(k1 + 0x9E3779B9u * r))) * n >> 32;
    uint64_t y = k >= x ? k - x : k + n - x;
    uint32_t c = mix((k1 ^ 0x85EBCA6Bu * r) + k0);
    if (mix(uint32_t(x > y ? x : y) ^ c) & 1)
      x = y;
  }
  return x;
}
} // namespace burin_rt
