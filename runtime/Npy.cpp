// `.npy` files for options: versions 1 to 3, little endian, C order, exactly the option's shape.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include <stdlib.h>
#include <string.h>

namespace burin_rt {

static bool refuse(const char *path, const char *option, const char *reason) {
  errorAt("E0512", path, 0, 0, "write it with numpy.save", "`--%s` can't be read: %s", option, reason);
  return false;
}

// The text after `'key':`, or null. The header is bounded and NUL-terminated.
static const char *after(const char *header, const char *key) {
  const char *p = strstr(header, key);
  if (!p)
    return nullptr;
  p += strlen(key);
  while (*p == ' ' || *p == ':')
    ++p;
  return p;
}

static bool checkShape(const struct burin_program *program, const char *path, const char *option, const burin_type &type, const char *shape) {
  uint64_t found[16];
  uint32_t rank = 0;
  const char *p = shape ? shape + 1 : nullptr;
  if (!shape || *shape != '(')
    return refuse(path, option, "its header has no shape");
  while (*p && *p != ')') {
    char *end;
    unsigned long long n = strtoull(p, &end, 10);
    if (end == p || rank == 16)
      return refuse(path, option, "its header has no shape");
    found[rank++] = n;
    p = end;
    while (*p == ' ' || *p == ',')
      ++p;
  }
  bool same = rank == type.rank;
  for (uint32_t i = 0; same && i < rank; ++i)
    same = found[i] == uint64_t(program->axes[type.axes[i]].extent);
  if (same)
    return true;
  errorAt("E0512", path, 0, 0, "its shape must be the option's, in the order of its axes", "`--%s` has another shape", option);
  fprintf(stderr, "    expected ");
  printType(stderr, program, type);
  fprintf(stderr, ":");
  for (uint32_t i = 0; i < type.rank; ++i)
    fprintf(stderr, " %lld", static_cast<long long>(program->axes[type.axes[i]].extent));
  fprintf(stderr, "; found");
  for (uint32_t i = 0; i < rank; ++i)
    fprintf(stderr, " %llu", static_cast<unsigned long long>(found[i]));
  fputc('\n', stderr);
  return false;
}

template <typename T>
static double read(const char *p) {
  T v;
  memcpy(&v, p, sizeof v);
  return double(v);
}

static bool convert(const struct burin_program *program, const char *path, const char *option, const burin_type &type, char kind, unsigned width, const char *from, void *out) {
  uint64_t n = elementCount(program, type);
  for (uint64_t i = 0; i < n; ++i) {
    const char *p = from + i * width;
    double v = kind == 'f' ? (width == 4 ? read<float>(p) : read<double>(p)) : kind == 'b' || (kind == 'u' && width == 1) ? read<uint8_t>(p) : width == 4 ? read<int32_t>(p) : read<int64_t>(p);
    char *to = static_cast<char *>(out) + i * type.bytes;
    if (type.element == BURIN_F32) {
      float f = float(v);
      memcpy(to, &f, 4);
    } else if (type.element == BURIN_F64) {
      memcpy(to, &v, 8);
    } else {
      int64_t limit = type.element == BURIN_INDEX ? program->axes[type.index_axis].extent : type.element == BURIN_BOOL ? 2 : type.element == BURIN_U8 ? 256 : INT64_MAX;
      if (!(v >= (type.element == BURIN_I32 || type.element == BURIN_I64 ? -9e15 : 0)) || v >= double(limit) || v != double(int64_t(v)))
        return refuse(path, option, "an element is outside its type");
      int64_t whole = int64_t(v);
      memcpy(to, &whole, type.bytes);
    }
  }
  return true;
}

bool readNpy(const struct burin_program *program, const char *path, const char *option, const burin_type &type, void *out) {
  uint64_t size = 0;
  char *text = readFile(path, size, "E0512", "give the name of a `.npy` file");
  if (!text)
    return false;
  if (size < 12 || memcmp(text, "\x93NUMPY", 6) != 0)
    return refuse(path, option, "it is no .npy file");
  bool first = text[6] == 1;
  auto byte = [&](int i) { return uint64_t(static_cast<unsigned char>(text[i])); };
  uint64_t start = first ? 10 : 12, length = byte(8) | byte(9) << 8;
  if (!first)
    length |= byte(10) << 16 | byte(11) << 24;
  if (length > size - start || length > 65536)
    return refuse(path, option, "its header is longer than the file");
  char *header = static_cast<char *>(malloc(length + 1));
  if (!header)
    return refuse(path, option, "there is no memory");
  memcpy(header, text + start, length);
  header[length] = 0;
  const char *descr = after(header, "'descr'"), *order = after(header, "'fortran_order'");
  if (!descr || *descr != '\'' || !order)
    return refuse(path, option, "its header has no element type");
  char kind = descr[2];
  unsigned width = unsigned(descr[3] - '0');
  bool known = (descr[1] == '<' || descr[1] == '|') && ((kind == 'f' && (width == 4 || width == 8)) || (kind == 'i' && (width == 4 || width == 8)) || ((kind == 'u' || kind == 'b') && width == 1)) && descr[4] == '\'';
  if (!known)
    return refuse(path, option, "its elements are not <f4 <f8 <i4 <i8 |u1 or |b1");
  if (strncmp(order, "False", 5) != 0)
    return refuse(path, option, "it is in Fortran order");
  if (!checkShape(program, path, option, type, after(header, "'shape'")))
    return false;
  if (size - start - length != elementCount(program, type) * width)
    return refuse(path, option, "its data is not as long as its shape says");
  bool fine = convert(program, path, option, type, kind, width, text + start + length, out);
  free(header), free(text);
  return fine;
}
} // namespace burin_rt
