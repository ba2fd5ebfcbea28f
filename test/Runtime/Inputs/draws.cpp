// Known answers of the draws, and that shuffle is a bijection. Prints what differs.
#include "runtime/Draws.h"
#include <initializer_list>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
using namespace burin_rt;

static int wrong = 0;
static void expect(const char *what, uint64_t found, uint64_t expected) {
  if (found != expected)
    ++wrong,
        printf("%s: expected %016llx, found %016llx\n", what, (unsigned long long)expected, (unsigned long long)found);
}
static uint64_t both(uint64_t key, uint64_t counter) {
  Words w = threefry(key, counter);
  return uint64_t(w.x0) << 32 | w.x1;
}

static void bijection(uint64_t key, uint64_t n) {
  char *seen = static_cast<char *>(calloc(n, 1));
  uint64_t moved = 0;
  for (uint64_t x = 0; x < n; ++x) {
    uint64_t y = shuffle(key, n, x);
    if (y >= n || seen[y]++)
      ++wrong, printf("shuffle(%llx, %llu, %llu) = %llu\n", (unsigned long long)key, (unsigned long long)n,
                      (unsigned long long)x, (unsigned long long)y);
    moved += x != y;
  }
  if (n > 1000 && moved < n * 9 / 10)
    ++wrong, printf("shuffle of %llu moves only %llu\n", (unsigned long long)n, (unsigned long long)moved);
  free(seen);
}

int main() {
  // Random123's known answers (Salmon et al., 2011)
  expect("threefry of zeros", both(0, 0), 0x6b20015999ba4efe);
  expect("threefry of ones", both(~0ull, ~0ull), 0x1cb996fcbb002be7);
  expect("threefry of pi", both(0x13198a2e03707344, 0x243f6a8885a308d3), 0xc4923a9c483df7a0);
  expect("fold_in", foldIn(0x13198a2e03707344, 0x243f6a8885a308d3), 0xc4923a9c483df7a0);
  float f = uniform(0, 0); // bits 6b200159 ^ 99ba4efe = f29a4fa7; >> 9 = 794d27
  uint32_t bits, expected = 0x3f800000 | 0xf29a4fa7u >> 9;
  float g;
  memcpy(&g, &expected, 4);
  g -= 1.0f;
  memcpy(&bits, &f, 4);
  memcpy(&expected, &g, 4);
  expect("uniform", bits, expected);
  for (uint64_t i = 0; i < 100000; ++i)
    if (float u = uniform(42, i); !(u >= 0 && u < 1))
      ++wrong, printf("uniform(42, %llu) = %g\n", (unsigned long long)i, u);
  for (uint64_t n : {1, 2, 3, 7, 64, 1437, 65537})
    for (uint64_t key : {0ull, 1ull, 0x13198a2e03707344ull, ~0ull})
      bijection(key, n);
  for (uint64_t x : {0ull, 1ull, 0xffffffffull, 0x80000000ull}) // 64-bit products don't wrap at the largest n
    if (shuffle(7, 1ull << 32, x) >= 1ull << 32)
      ++wrong, printf("shuffle leaves [0, 2^32)\n");
  return wrong != 0;
}
