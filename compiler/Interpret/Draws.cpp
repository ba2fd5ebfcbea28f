// Written from the definitions in Burin.md and not shared with the compiler's or the runtime's: the interpreter judges
// both.
#include "compiler/Interpret/Draws.h"
#include <algorithm>
#include <bit>

namespace burin::interpret {

std::pair<uint32_t, uint32_t> threefry(int64_t key, int64_t counter) {
  const uint32_t k[3] = {uint32_t(uint64_t(key) >> 32), uint32_t(key),
                         uint32_t(uint64_t(key) >> 32) ^ uint32_t(key) ^ 0x1BD11BDA};
  const int rotations[8] = {13, 15, 26, 6, 17, 29, 16, 24};
  uint32_t x0 = uint32_t(uint64_t(counter) >> 32) + k[0], x1 = uint32_t(counter) + k[1];
  for (uint32_t round = 0; round < 20; ++round) {
    x0 += x1;
    x1 = std::rotl(x1, rotations[round % 8]) ^ x0;
    if (round % 4 == 3) { // a key is added after every fourth round
      uint32_t group = round / 4 + 1;
      x0 += k[group % 3];
      x1 += k[(group + 1) % 3] + group;
    }
  }
  return {x0, x1};
}

int64_t foldIn(int64_t key, int64_t data) {
  auto [x0, x1] = threefry(key, data);
  return int64_t(uint64_t(x0) << 32 | x1);
}

float uniform(int64_t key, int64_t counter) {
  auto [x0, x1] = threefry(key, counter);
  return std::bit_cast<float>((x0 ^ x1) >> 9 | 0x3F800000u) - 1.0f;
}

static uint32_t fmix32(uint32_t h) {
  h = (h ^ h >> 16) * 0x85EBCA6Bu;
  h = (h ^ h >> 13) * 0xC2B2AE35u;
  return h ^ h >> 16;
}

int64_t shuffle(int64_t key, int64_t n, int64_t x) {
  uint32_t k0 = uint32_t(uint64_t(key) >> 32), k1 = uint32_t(key);
  for (uint32_t r = 1; r <= 24; ++r) {
    uint32_t a = fmix32(k0 ^ fmix32(k1 + 0x9E3779B9u * r));
    int64_t pivot = int64_t(uint64_t(a) * uint64_t(n) >> 32);
    int64_t y = pivot >= x ? pivot - x : pivot + n - x;
    uint32_t c = fmix32((k1 ^ 0x85EBCA6Bu * r) + k0);
    if (fmix32(uint32_t(std::max(x, y)) ^ c) & 1)
      x = y;
  }
  return x;
}

} // namespace burin::interpret
