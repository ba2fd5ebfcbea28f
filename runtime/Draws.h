//===- Draws.h - Counter-based draws (dialects/Burin/Burin.md gives the bits) --===//
#pragma once
#include <stdint.h>

namespace burin_rt {
struct Words {
  uint32_t x0, x1;
};
/// Threefry-2x32, 20 rounds.
Words threefry(uint64_t key, uint64_t counter);
/// A new key from a key and a number.
uint64_t foldIn(uint64_t key, uint64_t data);
/// Element `i` of a draw, in [0, 1).
float uniform(uint64_t key, uint64_t i);
/// The place of x under a bijection of [0, n), n <= 2^32.
uint64_t shuffle(uint64_t key, uint64_t n, uint64_t x);
} // namespace burin_rt
