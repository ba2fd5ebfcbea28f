//===- Draws.h - Threefry and the shuffle, as Burin.md says -------------------===//
#pragma once
#include <cstdint>
#include <utility>

namespace burin::interpret {
/// Threefry-2x32 with 20 rounds of a counter under a key, each given as high and low words of an i64.
std::pair<uint32_t, uint32_t> threefry(int64_t key, int64_t counter);
int64_t foldIn(int64_t key, int64_t data);
/// In [0, 1).
float uniform(int64_t key, int64_t counter);
/// The place of x under a bijection of [0, n).
int64_t shuffle(int64_t key, int64_t n, int64_t x);
} // namespace burin::interpret
