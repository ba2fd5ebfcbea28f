// The checksum of standard input, in pieces of the given sizes, over and over.
#include "runtime/Checksum.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  static char bytes[1 << 20];
  size_t size = fread(bytes, 1, sizeof bytes, stdin), at = 0;
  burin_rt::Checksum sum;
  for (int i = 1; at < size; i = i + 1 < argc ? i + 1 : 1) {
    size_t n = size_t(atol(argv[i]));
    n = n < size - at ? n : size - at;
    sum.add(bytes + at, n);
    at += n;
  }
  burin_rt::Checksum::Text text;
  puts(sum.print(text));
}
