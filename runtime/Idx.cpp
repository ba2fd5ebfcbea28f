// Headers of IDX files, as the MNIST digits are written: 0, 0, the element, how many axes; then their extents.
#include "runtime/Arrays.h"
#include <string.h>

namespace burin_rt {

const char *readIdxHeader(const char *text, uint64_t size, uint64_t, ArrayHeader &header) {
  static const struct {
    unsigned char code;
    char kind;
    uint32_t width;
  } known[] = {{0x08, 'u', 1}, {0x09, 'i', 1}, {0x0B, 'i', 2}, {0x0C, 'i', 4}, {0x0D, 'f', 4}, {0x0E, 'f', 8}};
  auto byte = [&](uint64_t k) { return static_cast<unsigned char>(text[k]); };
  if (size < 4 || byte(0) || byte(1))
    return size >= 2 && byte(0) == 0x1F && byte(1) == 0x8B ? "it is compressed: unpack it with gunzip"
                                                           : "it is no IDX file";
  for (auto &element : known)
    if (element.code == byte(2))
      header.kind = element.kind, header.width = element.width;
  if (!header.kind)
    return "its elements are not of 8, 16 or 32 bits, or floats";
  header.rank = byte(3), header.swapped = true, header.start = 4 + 4 * uint64_t(header.rank);
  if (header.rank > sizeof header.shape / sizeof *header.shape)
    return "it has more than 32 axes";
  if (header.start > size)
    return "its header is longer than the file";
  for (uint32_t i = 0; i < header.rank; ++i) {
    header.shape[i] = 0;
    for (uint32_t k = 0; k < 4; ++k)
      header.shape[i] = header.shape[i] << 8 | byte(4 + 4 * i + k);
  }
  return nullptr;
}

} // namespace burin_rt
