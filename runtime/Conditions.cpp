// A part's condition is a few steps on a stack, as the compiler's values are: floats of their type, whole numbers that
// wrap.
#include "runtime/Program.h"
#include <string.h>

namespace burin_rt {
namespace {

struct Number {
  double real;
  int64_t whole; ///< of what is no float; bools are 0 or 1
};

bool isFloat(uint32_t element) { return element == BURIN_F32 || element == BURIN_F64; }

Number asElement(uint32_t element, Number n) {
  switch (element) {
  case BURIN_F32:
    return {double(float(n.real)), 0};
  case BURIN_I32:
    return {0, int32_t(uint32_t(n.whole))};
  case BURIN_U8:
    return {0, uint8_t(n.whole)};
  default:
    return n;
  }
}

Number read(const burin_type &type, const void *value) {
  Number n = {};
  float narrow;
  switch (type.element) {
  case BURIN_F32:
    memcpy(&narrow, value, 4);
    return {narrow, 0};
  case BURIN_F64:
    memcpy(&n.real, value, 8);
    return n;
  default: // little endian; only an i32 has a sign and is shorter
    memcpy(&n.whole, value, type.bytes);
    return type.element == BURIN_I32 ? asElement(BURIN_I32, n) : n;
  }
}

int64_t minus(int64_t a, int64_t b) { return int64_t(uint64_t(a) - uint64_t(b)); }
int64_t times(int64_t a, int64_t b) { return int64_t(uint64_t(a) * uint64_t(b)); }

// Floored; what is divided by 0 is 0.
int64_t divide(int64_t a, int64_t b) {
  if (b == 0 || b == -1)
    return b ? minus(0, a) : 0;
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

template <typename T> bool compare(uint32_t does, T a, T b) {
  switch (does) {
  case BURIN_EQ:
    return a == b;
  case BURIN_NE:
    return a != b;
  case BURIN_LT:
    return a < b;
  case BURIN_LE:
    return a <= b;
  case BURIN_GT:
    return a > b;
  default:
    return a >= b;
  }
}

Number both(const burin_step &step, Number a, Number b) {
  bool real = isFloat(step.element);
  switch (step.does) {
  case BURIN_AND:
    return {0, a.whole & b.whole};
  case BURIN_OR:
    return {0, a.whole | b.whole};
  case BURIN_ADD:
    return {a.real + b.real, real ? 0 : int64_t(uint64_t(a.whole) + uint64_t(b.whole))};
  case BURIN_SUB:
    return {a.real - b.real, real ? 0 : minus(a.whole, b.whole)};
  case BURIN_MUL:
    return {a.real * b.real, real ? 0 : times(a.whole, b.whole)};
  case BURIN_DIV:
    return {real ? a.real / b.real : 0, real ? 0 : divide(a.whole, b.whole)};
  case BURIN_REM:
    return {0, b.whole == 0 ? 0 : minus(a.whole, times(divide(a.whole, b.whole), b.whole))};
  default:
    return {0, real ? compare(step.does, a.real, b.real) : compare(step.does, a.whole, b.whole)};
  }
}
} // namespace
} // namespace burin_rt
using namespace burin_rt;

extern "C" int burin_holds(const burin_part *part, const burin_field *fields, void *const *columns) {
  Number stack[BURIN_MOST_STEPS];
  uint32_t size = 0;
  for (uint32_t k = 0; k < part->step_count; ++k) {
    const burin_step &step = part->steps[k];
    switch (step.does) {
    case BURIN_FIELD:
      stack[size++] = read(fields[step.field].type, columns[step.field]);
      break;
    case BURIN_CONSTANT:
      stack[size++] = {step.number, step.integer};
      break;
    case BURIN_CONVERT: // between whole numbers, from one to a float, and between floats
      if (isFloat(step.element) && !isFloat(step.field))
        stack[size - 1].real = double(stack[size - 1].whole);
      stack[size - 1] = asElement(step.element, stack[size - 1]);
      break;
    case BURIN_NOT:
      stack[size - 1].whole = !stack[size - 1].whole;
      break;
    default:
      --size;
      stack[size - 1] = both(step, stack[size - 1], stack[size]);
      if (step.does >= BURIN_ADD)
        stack[size - 1] = asElement(step.element, stack[size - 1]);
    }
  }
  return int(stack[0].whole);
}
