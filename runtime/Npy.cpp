#include "runtime/Npy.h"
#include "runtime/Arrays.h"
#include "runtime/Errors.h"
#include "runtime/Files.h"
#include "runtime/Narrow.h"
#include "runtime/Values.h"
#include <stdlib.h>
#include <string.h>

namespace burin_rt {
namespace {

/// Reads the Python dictionary that a header is. Null, or the reason why not.
class HeaderReader {
public:
  HeaderReader(const char *text, uint64_t size) : at(text), end(text + size) {}
  const char *read(ArrayHeader &header);

private:
  bool take(const char *word) {
    while (at < end && (*at == ' ' || *at == '\n'))
      ++at;
    size_t n = strlen(word);
    if (size_t(end - at) < n || memcmp(at, word, n) != 0)
      return false;
    at += n;
    return true;
  }
  bool element(ArrayHeader &header);
  bool shape(ArrayHeader &header);

  const char *at, *end;
};

bool HeaderReader::element(ArrayHeader &header) {
  static const char *const known[] = {"'<f2'", "'<f4'", "'<f8'", "'<i4'", "'<i8'", "'|u1'", "'|b1'"};
  for (const char *name : known)
    if (take(name)) {
      header.kind = name[2], header.width = uint32_t(name[3] - '0');
      return true;
    }
  return false;
}

bool HeaderReader::shape(ArrayHeader &header) {
  if (!take("("))
    return false;
  while (!take(")")) {
    uint64_t n = 0;
    const char *start = at;
    for (; at < end && *at >= '0' && *at <= '9'; ++at) {
      if (n > uint64_t(1) << 48)
        return false;
      n = n * 10 + uint64_t(*at - '0');
    }
    if (at == start || header.rank == 32)
      return false;
    header.shape[header.rank++] = n;
    if (!take(",") && !(at < end && *at == ')'))
      return false;
  }
  return true;
}

const char *HeaderReader::read(ArrayHeader &header) {
  if (!take("{"))
    return "its header is no dictionary";
  bool hasElement = false, hasOrder = false, hasShape = false;
  while (!take("}")) {
    if (!hasElement && take("'descr'") && take(":")) {
      if (!element(header))
        return "its elements are not <f2, <f4, <f8, <i4, <i8, |u1 or |b1";
      hasElement = true;
    } else if (!hasOrder && take("'fortran_order'") && take(":")) {
      header.fortran = take("True");
      if (!header.fortran && !take("False"))
        return "its header gives no order";
      hasOrder = true;
    } else if (!hasShape && take("'shape'") && take(":")) {
      if (!shape(header))
        return "its header's shape can't be read";
      hasShape = true;
    } else {
      return "its header has other entries than descr, fortran_order and shape, each once";
    }
    take(",");
  }
  return hasElement && hasOrder && hasShape ? nullptr : "its header lacks one of descr, fortran_order and shape";
}

} // namespace

template <typename T> T elementAt(const char *p) {
  T v;
  memcpy(&v, p, sizeof v);
  return v;
}

// The bytes of an element as they lie in memory here.
static const char *inOrder(const ArrayHeader &header, const char *from, char (&bytes)[8]) {
  if (!header.swapped)
    return from;
  for (uint32_t k = 0; k < header.width; ++k)
    bytes[k] = from[header.width - 1 - k];
  return bytes;
}

void printShapes(const burin_program *program, const char *what, const burin_type &type, const ArrayHeader &header) {
  fprintf(stderr, "    expected %s", what);
  printType(stderr, program, type, true);
  fputs(", found (", stderr);
  for (uint32_t i = 0; i < header.rank; ++i)
    fprintf(stderr, "%s%llu", i ? ", " : "", static_cast<unsigned long long>(header.shape[i]));
  fputs(")\n", stderr);
}

const char *convertElement(const burin_program *program, const burin_type &type, const ArrayHeader &header,
                           const char *from, void *to) {
  char bytes[8];
  from = inOrder(header, from, bytes);
  bool fromFloat = header.kind == 'f', toNarrow = isNarrow(type.element);
  bool toFloat = type.element == BURIN_F32 || type.element == BURIN_F64 || toNarrow;
  double real = 0;
  int64_t whole = 0;
  if (fromFloat)
    real = header.width == 2   ? widened(BURIN_F16, elementAt<uint16_t>(from))
           : header.width == 4 ? double(elementAt<float>(from))
                               : elementAt<double>(from);
  else
    whole = header.width == 1 && header.kind == 'i' ? elementAt<int8_t>(from)
            : header.width == 1                     ? elementAt<uint8_t>(from)
            : header.width == 2                     ? elementAt<int16_t>(from)
            : header.width == 4                     ? elementAt<int32_t>(from)
                                                    : elementAt<int64_t>(from);
  if (!toFloat) {
    if (fromFloat) {
      if (!(real >= -0x1p63 && real < 0x1p63) || real != double(int64_t(real)))
        return "a whole number";
      whole = int64_t(real);
    }
    return storeInteger(program, type, whole, to);
  }
  if (toNarrow) {
    // Beyond 2^53 the last bits only say that there are some, so that nothing is rounded twice.
    if (int64_t last = whole & 0x7FF; last && (whole >= int64_t(1) << 53 || whole <= -(int64_t(1) << 53)))
      whole = whole - last + 0x400;
    uint16_t bits = narrowed(type.element, fromFloat ? real : double(whole));
    memcpy(to, &bits, 2);
  } else if (type.element == BURIN_F64) {
    double value = fromFloat ? real : double(whole);
    memcpy(to, &value, 8);
  } else {
    float value = fromFloat ? float(real) : float(whole);
    memcpy(to, &value, 4);
  }
  return nullptr;
}

const char *readNpyHeader(const char *text, uint64_t size, uint64_t all, ArrayHeader &header) {
  if (size < 12 || memcmp(text, "\x93NUMPY", 6) != 0)
    return "it is no .npy file";
  if (text[6] != 1 && text[6] != 2)
    return "its version is neither 1 nor 2";
  uint64_t start = text[6] == 1 ? 10 : 12, length = 0;
  for (uint64_t i = start; i-- > 8;)
    length = length << 8 | static_cast<unsigned char>(text[i]);
  if (length > all - start)
    return "its header is longer than the file";
  if (length > size - start)
    return "its header has more than 16 KB";
  header.start = start + length;
  return HeaderReader(text + start, length).read(header);
}

namespace {
/// A file's text, and whose option it is.
struct Npy {
  const burin_program *program;
  const char *path, *option;
  const burin_type &type;
  int64_t *lengths; ///< null: every axis is there as a whole

  uint64_t extent(uint32_t axis) const { return uint64_t(program->axes[type.axes[axis]].extent); }
  bool isWhole(uint32_t axis) const { return !lengths || lengths[axis] < 0; }
  bool refuse(const char *reason) const {
    return errorAt("E0512", {path}, "write it with numpy.save", "`--%s` can't be read: %s", option, reason);
  }
  bool checkShape(const ArrayHeader &header) const;
  bool checkLengths(const ArrayHeader &header) const;
  uint64_t placeOf(const ArrayHeader &header, uint64_t element) const;
  bool read(const char *text, uint64_t size, void *out) const;
};

bool Npy::checkShape(const ArrayHeader &header) const {
  bool same = header.rank == type.rank;
  for (uint32_t i = 0; same && i < type.rank; ++i)
    same = header.shape[i] == extent(i) || !isWhole(i);
  if (same)
    return checkLengths(header);
  errorAt("E0512", {path}, "its shape must be the option's, in the order of its axes", "`--%s` has another shape",
          option);
  printShapes(program, "", type, header);
  return false;
}

// Along bounded axes: something, and no more than there is room for.
bool Npy::checkLengths(const ArrayHeader &header) const {
  for (uint32_t i = 0; i < type.rank; ++i) {
    if (isWhole(i))
      continue;
    const char *axis = program->axes[type.axes[i]].name;
    auto found = static_cast<unsigned long long>(header.shape[i]);
    if (header.shape[i] > extent(i)) {
      char help[256];
      snprintf(help, sizeof help, "shorten it, or declare `dim %.200s <= %llu`", axis, found);
      return errorAt("E0517", {path}, help, "`--%s`: %llu along `%s`, which holds at most %llu", option, found, axis,
                     static_cast<unsigned long long>(extent(i)));
    }
    if (header.shape[i] == 0)
      return errorAt("E0518", {path}, "give at least one element", "`--%s`: nothing along `%s`", option, axis);
    lengths[i] = int64_t(header.shape[i]);
  }
  return true;
}

// The file's element that stands at an element of the type: of what is absent, the last that is present.
uint64_t Npy::placeOf(const ArrayHeader &header, uint64_t element) const {
  uint64_t place = 0, stride = 1;
  for (uint32_t i = type.rank; i-- > 0; stride *= header.shape[i], element /= extent(i)) {
    uint64_t index = element % extent(i);
    place += stride * (index < header.shape[i] ? index : header.shape[i] - 1);
  }
  return place;
}

bool Npy::read(const char *text, uint64_t size, void *out) const {
  ArrayHeader header;
  if (const char *reason = readNpyHeader(text, size, size, header))
    return refuse(reason);
  if (header.fortran)
    return refuse("it is in Fortran order");
  if (!checkShape(header))
    return false;
  uint64_t elements = elementCount(program, type), held = 1;
  for (uint32_t i = 0; i < header.rank; ++i)
    held *= header.shape[i]; // at most `elements`
  if (size - header.start != held * header.width)
    return refuse("its data is not as long as its shape says");
  const char *data = text + header.start;
  for (uint64_t i = 0; i < elements; ++i) {
    uint64_t place = lengths ? placeOf(header, i) : i;
    if (const char *expected = convertElement(program, type, header, data + place * header.width,
                                              static_cast<char *>(out) + i * type.bytes))
      return errorAt("E0512", {path}, "elements are counted from 0 in the order of the file",
                     "`--%s`: element %llu is not %s", option, static_cast<unsigned long long>(place), expected);
  }
  return true;
}
} // namespace

bool readNpy(const burin_program *program, const char *path, const char *option, const burin_type &type, void *out,
             int64_t *lengths) {
  uint64_t size = 0, most = elementCount(program, type) * 8 + (1 << 20); // a header is never as long
  char *text = readFile(path, most, size, "E0512", "give the name of a `.npy` file");
  bool fine = text && Npy{program, path, option, type, lengths}.read(text, size, out);
  free(text);
  return fine;
}
} // namespace burin_rt
