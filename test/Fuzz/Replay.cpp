// Gives a target the files that it is called with, each in a process of its own state: `fuzz-TARGET FILE ...`. Prints
// how many there were.
#include "test/Fuzz/Fuzz.h"
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  for (int i = 1; i < argc; ++i) {
    FILE *file = fopen(argv[i], "rb");
    if (!file) {
      perror(argv[i]);
      return 1;
    }
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    uint8_t *data = static_cast<uint8_t *>(malloc(size_t(size))); // exactly: a sanitizer sees what is read beyond
    if (fread(data, 1, size_t(size), file) != size_t(size)) {
      perror(argv[i]);
      return 1;
    }
    fclose(file);
    fprintf(stderr, "%s\n", argv[i]); // the last one printed is the one that failed
    LLVMFuzzerTestOneInput(data, size_t(size));
    free(data);
  }
  printf("%d files\n", argc - 1);
  return argc < 2;
}
