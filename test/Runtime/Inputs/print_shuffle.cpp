// print_shuffle KEY N: places of 0..N under a key, then the bits of N draws.
#include "runtime/Draws.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int, char **argv) {
  uint64_t key = strtoull(argv[1], nullptr, 10), n = strtoull(argv[2], nullptr, 10);
  for (uint64_t x = 0; x < n; ++x)
    printf("%llu\n", (unsigned long long)burin_rt::shuffle(key, n, x));
  for (uint64_t i = 0; i < n; ++i) {
    float f = burin_rt::uniform(key, i);
    uint32_t bits;
    memcpy(&bits, &f, 4);
    printf("%u\n", bits);
  }
}
