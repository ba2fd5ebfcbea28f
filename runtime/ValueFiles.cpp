// `save` and `plot` of a value: an array (.npy), a picture (.png) or lines (.svg), replaced whole or not at all.
#include "runtime/ValueFiles.h"
#include "runtime/Errors.h"
#include "runtime/Replace.h"
#include "runtime/Run.h"
#include "runtime/Values.h"
#include <string.h>

namespace burin_rt {
namespace {

// Of a file's axis: the product of the extents of the value's axes that it joins.
uint64_t extentOf(const burin_program *program, const burin_value_file &file, uint32_t axis) {
  uint32_t first = 0;
  for (uint32_t k = 0; k < axis; ++k)
    first += file.joined[k];
  uint64_t n = 1;
  for (uint32_t k = first; k < first + file.joined[axis]; ++k)
    n *= uint64_t(program->axes[file.type.axes[k]].extent);
  return n;
}

/// PNG (ISO/IEC 15948), 8 bits a channel. Its data is not compressed: a zlib stream (RFC 1950) of stored blocks, each
/// in a chunk of its own.
class Png {
public:
  Png(Replacement &out, uint32_t width, uint32_t height, uint32_t channels);
  void add(unsigned char byte); ///< of a row: its filter, 0, then its channels from left to right

private:
  void put(const void *bytes, uint32_t size);
  void putNumber(uint32_t n); ///< most significant byte first
  void beginChunk(uint32_t size, const char *type);
  void endChunk() { putNumber(~crc); }
  void flush();

  Replacement &out;
  uint32_t crc = 0, sum = 1, sumOfSums = 0; ///< CRC-32 of a chunk; the two halves of Adler-32
  uint64_t left;                            ///< bytes of all rows that have not come yet
  bool first = true;
  uint32_t held = 0;
  static constexpr uint32_t most = 0xffff; ///< of a stored block
  unsigned char block[most];
};

// CRC-32 by half bytes; what it gives is the complement.
void Png::put(const void *bytes, uint32_t size) {
  static constexpr uint32_t steps[16] = {0,          0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
                                         0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                         0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
  for (uint32_t k = 0; k < size; ++k) {
    crc ^= static_cast<const unsigned char *>(bytes)[k];
    crc = crc >> 4 ^ steps[crc & 15];
    crc = crc >> 4 ^ steps[crc & 15];
  }
  out.write(bytes, size);
}

void Png::putNumber(uint32_t n) {
  const unsigned char bytes[] = {uint8_t(n >> 24), uint8_t(n >> 16), uint8_t(n >> 8), uint8_t(n)};
  put(bytes, 4);
}

void Png::beginChunk(uint32_t size, const char *type) {
  putNumber(size);
  crc = ~0u; // of the type and what follows
  put(type, 4);
}

Png::Png(Replacement &out, uint32_t width, uint32_t height, uint32_t channels)
    : out(out), left(height * (uint64_t(width) * channels + 1)) {
  put("\x89PNG\r\n\x1a\n", 8);
  beginChunk(13, "IHDR");
  putNumber(width), putNumber(height);
  const unsigned char kind[] = {8, uint8_t(channels == 1 ? 0 : channels == 3 ? 2 : 6), 0, 0, 0};
  put(kind, 5);
  endChunk();
}

void Png::add(unsigned char byte) {
  block[held++] = byte, --left;
  sum = (sum + byte) % 65521, sumOfSums = (sumOfSums + sum) % 65521;
  if (held == most || left == 0)
    flush();
}

void Png::flush() {
  bool last = left == 0;
  beginChunk(5 + held + (first ? 2 : 0) + (last ? 4 : 0), "IDAT");
  if (first)
    put("\x78\x01", 2);
  const unsigned char header[] = {last, uint8_t(held), uint8_t(held >> 8), uint8_t(~held), uint8_t(~held >> 8)};
  put(header, 5);
  put(block, held);
  if (last)
    putNumber(sumOfSums << 16 | sum);
  endChunk();
  first = false, held = 0;
  if (!last)
    return;
  beginChunk(0, "IEND");
  endChunk();
}

// The nearest of the 256 levels. False: there is none.
bool levelOf(const burin_type &type, const void *values, uint64_t i, unsigned char &level) {
  uint8_t byte = static_cast<const uint8_t *>(values)[type.bytes == 1 ? i : 0];
  if (type.element == BURIN_U8 || type.element == BURIN_BOOL)
    return level = type.element == BURIN_BOOL && byte ? 255 : byte, true;
  double scaled = numberAt(type, values, i) * 255 + 0.5;
  if (!(scaled >= 0 && scaled < 256))
    return false;
  return level = uint8_t(scaled), true;
}

bool writePng(burin_run *run, const burin_value_file &file, const void *values) {
  const burin_program *p = run->program;
  uint32_t height = uint32_t(extentOf(p, file, 0)), width = uint32_t(extentOf(p, file, 1)),
           channels = file.rank == 3 ? uint32_t(extentOf(p, file, 2)) : 1;
  uint64_t row = uint64_t(width) * channels, count = height * row;
  unsigned char level = 0;
  for (uint64_t i = 0; i < count; ++i) // before the old file is touched
    if (!levelOf(file.type, values, i, level)) {
      leaveProgress(run);
      return errorAt("E0284", {file.file, file.line, file.column},
                     "scale it; `clip(…, 0, 1)` takes the nearest level of what lies beyond",
                     "a picture has levels from 0 to 1, and element %llu of %llu is %.9g",
                     static_cast<unsigned long long>(i), static_cast<unsigned long long>(count),
                     plain(numberAt(file.type, values, i)));
    }
  Replacement out;
  if (!out.begin(file.path, "E0520"))
    return false;
  Png png(out, width, height, channels);
  for (uint64_t i = 0; i < count; ++i) {
    if (i % row == 0)
      png.add(0);
    levelOf(file.type, values, i, level);
    png.add(level);
  }
  return out.commit();
}

// Version 1.0, padded so that the values begin at a multiple of 64. Indices that are stored as u16 are written as i4,
// which all read; their values are the same.
bool writeNpy(const burin_run *run, const burin_value_file &file, const void *values) {
  const burin_type &type = file.type;
  static const char *const kinds[] = {"<f4", "<f8", "<i4", "<i8", "|u1", "|b1"};
  const char *kind = type.element != BURIN_INDEX ? kinds[type.element]
                     : type.bytes == 1           ? "|u1"
                     : type.bytes == 8           ? "<i8"
                                                 : "<i4";
  char header[2048];
  int length = snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': (", kind);
  for (uint32_t k = 0; k < file.rank; ++k) // at most 64
    length += snprintf(header + length, sizeof header - size_t(length), "%s%llu%s", k ? ", " : "",
                       static_cast<unsigned long long>(extentOf(run->program, file, k)), file.rank == 1 ? "," : "");
  length += snprintf(header + length, sizeof header - size_t(length), "), }");
  while ((10 + length + 1) % 64)
    header[length++] = ' ';
  header[length++] = '\n';
  Replacement out;
  if (!out.begin(file.path, "E0520"))
    return false;
  out.write("\x93NUMPY\1\0", 8);
  const unsigned char size[] = {uint8_t(length), uint8_t(length >> 8)};
  out.write(size, 2);
  out.write(header, uint64_t(length));
  uint64_t count = elementCount(run->program, type);
  if (type.element == BURIN_INDEX && type.bytes == 2)
    for (uint64_t i = 0; i < count; ++i) {
      int32_t wide = static_cast<const uint16_t *>(values)[i];
      out.write(&wide, 4);
    }
  else
    out.write(values, count * type.bytes);
  return out.commit();
}
} // namespace
} // namespace burin_rt

using namespace burin_rt;

// As with weights, a file that can't be written ends the program.
extern "C" void burin_write(burin_run *run, uint32_t number, const void *values) {
  const burin_value_file &file = run->program->value_files[number];
  size_t length = strlen(file.path);
  const char *kind = file.path + (length < 4 ? length : length - 4);
  bool fine = !strcmp(kind, ".png")   ? writePng(run, file, values)
              : !strcmp(kind, ".svg") ? writePlot(run->program, file, values)
                                      : writeNpy(run, file, values);
  if (!fine)
    endFailed(run);
}
