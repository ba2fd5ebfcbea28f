// `save` and `plot` of a value: an array (.npy), a picture (.png), lines or points (.svg), replaced whole or not at
// all.
#include "runtime/ValueFiles.h"
#include "runtime/Errors.h"
#include "runtime/Replace.h"
#include "runtime/Run.h"
#include "runtime/Values.h"
#include <new>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {

uint64_t Written::extent(uint32_t axis) const {
  return uint64_t(axis == 0 && rows >= 0 ? rows : program->axes[file.type.axes[axis]].extent);
}

uint64_t Written::present(uint32_t axis, uint64_t before) const {
  uint64_t all = extent(axis);
  if (!file.lengths || file.lengths[axis] == UINT32_MAX)
    return all;
  int64_t n = 0;
  const void *lengths = values[1 + (file.labelled ? 1 : 0) + file.lengths[axis]];
  memcpy(&n, static_cast<const char *>(lengths) + before * sizeof n, sizeof n);
  return n < 0 ? 0 : uint64_t(n) < all ? uint64_t(n) : all;
}

namespace {

// Of a file's axis: the product of how much is present of the value's axes that it joins, which is the same wherever
// they stand.
uint64_t extentOf(const Written &written, uint32_t axis) {
  uint32_t first = 0;
  for (uint32_t k = 0; k < axis; ++k)
    first += written.file.joined[k];
  uint64_t n = 1;
  for (uint32_t k = first; k < first + written.file.joined[axis]; ++k)
    n *= k == 0 && written.rows >= 0 ? uint64_t(written.all) : written.present(k, 0);
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

bool writePng(burin_run *run, const Written &written) {
  const burin_value_file &file = written.file;
  uint32_t height = uint32_t(extentOf(written, 0)), width = uint32_t(extentOf(written, 1)),
           channels = file.rank == 3 ? uint32_t(extentOf(written, 2)) : 1;
  uint64_t row = uint64_t(width) * channels, count = height * row, place = 0;
  Place at{file.file, file.line, file.column};
  if (count == 0)
    return leaveProgress(run), errorAt("E0538", at, "save it where something is present",
                                       "a picture has rows and columns, and this would be of %u × %u", height, width);
  unsigned char level = 0;
  auto check = [&](uint64_t element, uint64_t n) { // before the old file is touched
    for (uint64_t i = element; i < element + n; ++i, ++place)
      if (!levelOf(file.type, written.value(), i, level)) {
        leaveProgress(run);
        return errorAt("E0284", at, "scale it; `clip(…, 0, 1)` takes the nearest level of what lies beyond",
                       "a picture has levels from 0 to 1, and element %llu of %llu is %.9g",
                       static_cast<unsigned long long>(place), static_cast<unsigned long long>(count),
                       plain(numberAt(file.type, written.value(), i)));
      }
    return true;
  };
  Replacement out;
  if (!written.eachRun(check) || !out.begin(file.path, "E0520"))
    return false;
  Png png(out, width, height, channels);
  place = 0;
  written.eachRun([&](uint64_t element, uint64_t n) {
    for (uint64_t i = element; i < element + n; ++i, ++place) {
      if (place % row == 0)
        png.add(0);
      levelOf(file.type, written.value(), i, level);
      png.add(level);
    }
    return true;
  });
  return out.commit();
}

// Version 1.0, padded so that the values begin at a multiple of 64. Indices that are stored as u16 are written as i4,
// which all read; their values are the same.
void writeHeader(Replacement &out, const Written &written) {
  const burin_type &type = written.file.type;
  static const char *const kinds[] = {"<f4", "<f8", "<i4", "<i8", "|u1", "|b1"};
  const char *kind = type.element != BURIN_INDEX ? kinds[type.element]
                     : type.bytes == 1           ? "|u1"
                     : type.bytes == 8           ? "<i8"
                                                 : "<i4";
  char header[2048];
  int length = snprintf(header, sizeof header, "{'descr': '%s', 'fortran_order': False, 'shape': (", kind);
  for (uint32_t k = 0; k < written.file.rank; ++k) // at most 64
    length += snprintf(header + length, sizeof header - size_t(length), "%s%llu%s", k ? ", " : "",
                       static_cast<unsigned long long>(extentOf(written, k)), written.file.rank == 1 ? "," : "");
  length += snprintf(header + length, sizeof header - size_t(length), "), }");
  while ((10 + length + 1) % 64)
    header[length++] = ' ';
  header[length++] = '\n';
  out.write("\x93NUMPY\1\0", 8);
  const unsigned char size[] = {uint8_t(length), uint8_t(length >> 8)};
  out.write(size, 2);
  out.write(header, uint64_t(length));
}

void writeElements(Replacement &out, const Written &written) {
  const burin_type &type = written.file.type;
  const char *values = static_cast<const char *>(written.value());
  written.eachRun([&](uint64_t element, uint64_t n) {
    if (!(type.element == BURIN_INDEX && type.bytes == 2))
      return out.write(values + element * type.bytes, n * type.bytes), true;
    for (uint64_t i = element; i < element + n; ++i) {
      uint16_t index = 0;
      memcpy(&index, values + i * 2, 2);
      int32_t wide = index;
      out.write(&wide, 4);
    }
    return true;
  });
}

/// A file that rows of a set go into as they come.
struct Stream {
  alignas(Replacement) unsigned char memory[sizeof(Replacement)];
  Replacement &file() { return *reinterpret_cast<Replacement *>(memory); }
};

bool writeNpy(burin_run *run, const Written &written) {
  if (written.isFirst()) {
    auto *stream = allocate<Stream>(1, "a file");
    if (!stream)
      return false;
    run->writing = stream;
    new (stream->memory) Replacement();
    if (!stream->file().begin(written.file.path, "E0520"))
      return false;
    writeHeader(stream->file(), written);
  }
  auto *stream = static_cast<Stream *>(run->writing);
  writeElements(stream->file(), written);
  if (!written.isLast())
    return true;
  bool fine = stream->file().commit();
  stream->file().~Replacement();
  free(stream);
  run->writing = nullptr;
  return fine;
}

bool writePoints(burin_run *run, const Written &written) {
  if (written.isFirst() && !(run->writing = beginPoints()))
    return false;
  auto *points = static_cast<Points *>(run->writing);
  if (!addPoints(points, written))
    return false;
  if (!written.isLast())
    return true;
  run->writing = nullptr;
  return endPoints(points, written);
}
} // namespace
} // namespace burin_rt

using namespace burin_rt;

// As with weights, a file that can't be written ends the program.
extern "C" void burin_write(burin_run *run, uint32_t number, const void *const *values, int64_t first, int64_t rows,
                            int64_t all) {
  const burin_value_file &file = run->program->value_files[number];
  Written written{run->program, file, values, first, rows, all};
  size_t length = strlen(file.path);
  const char *kind = file.path + (length < 4 ? length : length - 4);
  bool fine = !strcmp(kind, ".png")  ? writePng(run, written)
              : strcmp(kind, ".svg") ? writeNpy(run, written)
              : file.points          ? writePoints(run, written)
                                     : writeLines(written);
  if (!fine)
    endFailed(run);
}
