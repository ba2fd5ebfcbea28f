// Damages a file in every way of two kinds, a byte changed and an end cut off, and reads it as programs do. Prints how
// many ways were tried, and where one was not refused. Usage: damage FILE HOW-MANY-CHANGES-OF-EACH-BYTE.
#include "runtime/Safetensors.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

using namespace burin_rt;

static bool isRead(const char *path) {
  SafetensorsReader reader;
  if (!reader.open(path, {"these are no weights", "E0520", "E0521", ""}))
    return false;
  static char values[1 << 20];
  for (const TensorEntry &entry : reader)
    if (entry.end - entry.begin > sizeof values || !reader.read(entry, values))
      return false;
  return true;
}

int main(int, char **argv) {
  const char *path = argv[1];
  unsigned changes = unsigned(atoi(argv[2]));
  static const unsigned char some[] = {0xff, 0x01, 0x20, 0x80, 0x02}; // 0x20: capital and small letters
  freopen("/dev/null", "w", stderr);
  int file = open(path, O_RDWR);
  off_t size = lseek(file, 0, SEEK_END);
  static unsigned char bytes[1 << 20];
  if (size > off_t(sizeof bytes) || pread(file, bytes, size_t(size), 0) != size || !isRead(path))
    return puts("the file is not there whole"), 1;
  unsigned long tried = 0, missed = 0;
  auto check = [&](const char *what, long at, unsigned how) {
    ++tried;
    if (isRead(path))
      ++missed, printf("not refused: %s %ld %u\n", what, at, how);
  };
  for (off_t at = 0; at < size; ++at) {
    for (unsigned k = 0; k < changes; ++k) {
      unsigned how = changes == 255 ? k + 1 : some[k];
      unsigned char changed = (unsigned char)(bytes[at] ^ how);
      pwrite(file, &changed, 1, at);
      check("byte", at, how);
    }
    pwrite(file, bytes + at, 1, at);
  }
  for (off_t end = 0; end < size; ++end) {
    ftruncate(file, end);
    check("cut", end, 0);
    pwrite(file, bytes, size_t(size), 0);
  }
  printf("%ld bytes, %lu ways, %lu not refused\n", long(size), tried, missed);
  return missed != 0;
}
