#include "runtime/Values.h"
#include "runtime/Narrow.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {

uint64_t elementCount(const burin_program *program, const burin_type &type) {
  uint64_t n = 1;
  for (uint32_t i = 0; i < type.rank; ++i)
    n *= uint64_t(program->axes[type.axes[i]].extent);
  return n;
}

void printType(FILE *out, const burin_program *program, const burin_type &type, bool extents) {
  static const char *const names[] = {"f32", "f64", "i32", "int", "u8", "bool", "", "bf16", "f16"};
  fputs(type.element == BURIN_INDEX ? program->axes[type.index_axis].name : names[type.element], out);
  for (uint32_t i = 0; i < type.rank; ++i) {
    const burin_axis &axis = program->axes[type.axes[i]];
    fprintf(out, "%s%s", i ? ", " : "[", axis.name);
    if (extents)
      fprintf(out, " %lld", static_cast<long long>(axis.extent));
  }
  if (type.rank)
    fputc(']', out);
}

void printElement(FILE *out, const burin_program *program, const burin_type &type, const void *value) {
  float narrow;
  double wide;
  int64_t n = 0;
  int32_t half;
  uint16_t bits;
  switch (type.element) {
  case BURIN_F32:
    memcpy(&narrow, value, 4);
    fprintf(out, "%.9g", plain(double(narrow)));
    return;
  case BURIN_F64:
    memcpy(&wide, value, 8);
    fprintf(out, "%.17g", plain(wide));
    return;
  case BURIN_BF16:
  case BURIN_F16:
    memcpy(&bits, value, 2);
    fprintf(out, "%.*g", type.element == BURIN_BF16 ? 4 : 5, plain(widened(type.element, bits)));
    return;
  case BURIN_BOOL:
    fputs(*static_cast<const uint8_t *>(value) ? "true" : "false", out);
    return;
  case BURIN_I32:
    memcpy(&half, value, 4);
    n = half;
    break;
  default: // u8 and indices are not negative
    memcpy(&n, value, type.bytes);
  }
  const burin_axis *axis = type.element == BURIN_INDEX ? &program->axes[type.index_axis] : nullptr;
  if (axis && uint64_t(n) < axis->label_count)
    fputs(axis->labels[n], out);
  else
    fprintf(out, "%lld", static_cast<long long>(n));
}

double numberAt(const burin_type &type, const void *values, uint64_t i) {
  switch (type.element) {
  case BURIN_F32:
    return double(static_cast<const float *>(values)[i]);
  case BURIN_F64:
    return static_cast<const double *>(values)[i];
  case BURIN_BF16:
  case BURIN_F16:
    return widened(type.element, static_cast<const uint16_t *>(values)[i]);
  case BURIN_I32:
    return static_cast<const int32_t *>(values)[i];
  default: // int; u8, bool and indices are not negative
    int64_t n = 0;
    memcpy(&n, static_cast<const char *>(values) + i * type.bytes, type.bytes);
    return double(n);
  }
}

namespace {
/// A result while it is printed.
struct Printing {
  const burin_program *program;
  const burin_task &task;
  const burin_result &result;
  const char *step;

  uint64_t extent(uint32_t axis) const { return uint64_t(program->axes[result.type.axes[axis]].extent); }
  uint64_t present(uint32_t axis, uint64_t before) const;
  const char *label(uint64_t element) const;
  void row(uint64_t before, uint64_t count);
  void rows(uint32_t axis, uint64_t before);
};
} // namespace

// How much of an axis there is at an index, in row-major order, of those before it.
uint64_t Printing::present(uint32_t axis, uint64_t before) const {
  if (!result.lengths || result.lengths[axis] == UINT32_MAX)
    return extent(axis);
  int64_t n = 0;
  memcpy(&n, step + task.results[result.lengths[axis]].offset + before * sizeof n, sizeof n);
  return n < 0 ? 0 : uint64_t(n) < extent(axis) ? uint64_t(n) : extent(axis);
}

// A label that is one character of a text; else null.
const char *Printing::label(uint64_t element) const {
  const burin_type &type = result.type;
  if (type.element != BURIN_INDEX || !result.lengths || result.lengths[type.rank - 1] == UINT32_MAX)
    return nullptr;
  const burin_axis &axis = program->axes[type.index_axis];
  uint64_t n = 0;
  memcpy(&n, step + result.offset + element * type.bytes, type.bytes);
  if (n >= axis.label_count)
    return nullptr;
  const char *p = axis.labels[n] + 1;
  while ((static_cast<unsigned char>(*p) & 0xC0) == 0x80)
    ++p;
  return *p ? nullptr : axis.labels[n];
}

void Printing::row(uint64_t before, uint64_t count) {
  for (uint64_t k = 0; k < count; ++k) {
    const char *character = label(before + k);
    if (k > 0 && !(character && label(before + k - 1)))
      putchar(' ');
    if (character)
      fputs(character, stdout);
    else
      printElement(stdout, program, result.type, step + result.offset + (before + k) * result.type.bytes);
  }
  putchar('\n');
}

void Printing::rows(uint32_t axis, uint64_t before) {
  if (axis == result.type.rank)
    return row(before, 1);
  uint64_t n = present(axis, before);
  if (axis + 1 == result.type.rank)
    return row(before * extent(axis), n);
  for (uint64_t k = 0; k < n; ++k)
    rows(axis + 1, before * extent(axis) + k);
}

void printResult(const burin_program *program, const burin_task &task, uint32_t number, const char *step) {
  const burin_result &result = task.results[number];
  if (result.is_length)
    return;
  if (*result.name)
    printf("%s%c", result.name, result.type.rank > 1 ? '\n' : ' ');
  Printing{program, task, result, step}.rows(0, 0);
}

bool valuesFit(const burin_program *p, const burin_type &type, const char *values, uint64_t bytes) {
  if (type.element != BURIN_INDEX && type.element != BURIN_BOOL)
    return true;
  int64_t extent = type.element == BURIN_BOOL ? 2 : p->axes[type.index_axis].extent;
  for (uint64_t i = 0; i < bytes; i += type.bytes) {
    uint64_t value = 0; // a negative one is beyond, too
    memcpy(&value, values + i, type.bytes);
    if (extent >= 0 && value >= uint64_t(extent))
      return false;
  }
  return true;
}

static const char *digits(const char *p) {
  while (*p >= '0' && *p <= '9')
    ++p;
  return p;
}

// [sign] digits [. digits] [e [sign] digits], with a digit before or after the point: what strtod takes in every locale
// with a point, less hexadecimals, blanks, infinities and NaNs.
static bool isDecimal(const char *text) {
  const char *p = text + (*text == '-' || *text == '+'), *start = p;
  p = digits(p);
  bool any = p > start;
  if (*p == '.') {
    start = ++p;
    p = digits(p);
    any |= p > start;
  }
  if (any && (*p == 'e' || *p == 'E')) {
    p += p[1] == '-' || p[1] == '+' ? 2 : 1;
    start = p;
    p = digits(p);
    any = p > start;
  }
  return any && !*p;
}

// A number of few digits without an exponent, as most are: digits / 10^places, both exact in the element, so that one
// division gives what strtod would. False: it is no such number.
template <typename Float> static bool parseShort(const char *text, void *out) {
  constexpr bool wide = sizeof(Float) == 8;
  constexpr uint64_t exact = uint64_t(1) << (wide ? 53 : 24);
  constexpr uint32_t most = wide ? 22 : 10;
  static const Float tens[] = {Float(1e0),  Float(1e1),  Float(1e2),  Float(1e3),  Float(1e4),  Float(1e5),
                               Float(1e6),  Float(1e7),  Float(1e8),  Float(1e9),  Float(1e10), Float(1e11),
                               Float(1e12), Float(1e13), Float(1e14), Float(1e15), Float(1e16), Float(1e17),
                               Float(1e18), Float(1e19), Float(1e20), Float(1e21), Float(1e22)};
  bool negative = *text == '-';
  const char *p = text + (negative || *text == '+');
  uint64_t number = 0;
  uint32_t places = 0;
  bool any = false, point = false;
  for (; (*p >= '0' && *p <= '9') || (*p == '.' && !point); ++p) {
    if (*p == '.') {
      point = true;
      continue;
    }
    number = number * 10 + uint64_t(*p - '0');
    places += point;
    any = true;
    if (number > exact || places > most)
      return false;
  }
  if (*p || !any)
    return false;
  Float value = Float(number) / tens[places];
  value = negative ? -value : value;
  memcpy(out, &value, sizeof value);
  return true;
}

static const char *parseFloat(const burin_type &type, const char *text, void *out) {
  if (isNarrow(type.element)) {
    if (!isDecimal(text))
      return "a number";
    uint16_t bits = narrowedText(type.element, text);
    if (isinf(widened(type.element, bits)))
      return type.element == BURIN_BF16 ? "a number that bf16 can hold" : "a number that f16 can hold";
    memcpy(out, &bits, 2);
    return nullptr;
  }
  if (type.element == BURIN_F64 ? parseShort<double>(text, out) : parseShort<float>(text, out))
    return nullptr;
  if (!isDecimal(text))
    return "a number";
  if (type.element == BURIN_F64) {
    double wide = strtod(text, nullptr);
    if (isinf(wide))
      return "a number that f64 can hold";
    memcpy(out, &wide, 8);
    return nullptr;
  }
  float narrow = strtof(text, nullptr); // not through double: that would round twice
  if (isinf(narrow))
    return "a number that f32 can hold";
  memcpy(out, &narrow, 4);
  return nullptr;
}

static const char *expectedInteger(const burin_program *program, const burin_type &type) {
  return type.element == BURIN_INDEX && program->axes[type.index_axis].label_count ? "a label of the axis"
                                                                                   : "a whole number";
}

const char *storeInteger(const burin_program *program, const burin_type &type, int64_t value, void *out) {
  if (type.element == BURIN_INDEX && (value < 0 || value >= program->axes[type.index_axis].extent))
    return "an index of the axis";
  if (type.element == BURIN_I32 && (value < INT32_MIN || value > INT32_MAX))
    return "a whole number that i32 can hold";
  if (type.element == BURIN_U8 && (value < 0 || value > 255))
    return "a whole number from 0 to 255";
  if (type.element == BURIN_BOOL && (value < 0 || value > 1))
    return "true or false";
  memcpy(out, &value, type.bytes); // little endian
  return nullptr;
}

const char *parseElement(const burin_program *program, const burin_type &type, const char *text, void *out) {
  if (type.element == BURIN_F32 || type.element == BURIN_F64 || isNarrow(type.element))
    return parseFloat(type, text, out);
  if (type.element == BURIN_BOOL && (!strcmp(text, "true") || !strcmp(text, "false")))
    return storeInteger(program, type, text[0] == 't', out);
  if (type.element == BURIN_INDEX)
    for (uint32_t i = 0; i < program->axes[type.index_axis].label_count; ++i)
      if (!strcmp(program->axes[type.index_axis].labels[i], text))
        return storeInteger(program, type, i, out);
  const char *start = text + (*text == '-' || *text == '+'), *end = digits(start);
  bool whole = end > start;
  if (*end == '.') // 3.0 is whole: other programs write it so
    for (++end; *end == '0';)
      ++end;
  errno = 0;
  long long value = strtoll(text, nullptr, 10);
  if (!whole || *end)
    return type.element == BURIN_BOOL ? "true or false" : expectedInteger(program, type);
  if (errno == ERANGE)
    return "a whole number that int can hold";
  return storeInteger(program, type, value, out);
}

} // namespace burin_rt
