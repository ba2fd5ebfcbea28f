// task.expect: values of a test against what they should be.
#include "runtime/Errors.h"
#include "runtime/Run.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double element(const void *values, int64_t i, uint32_t kind, uint32_t bytes) {
  const char *p = static_cast<const char *>(values) + i * int64_t(bytes);
  if (kind == BURIN_F32) {
    float f;
    memcpy(&f, p, 4);
    return double(f);
  }
  if (kind == BURIN_F64) {
    double d;
    memcpy(&d, p, 8);
    return d;
  }
  int64_t n = 0;
  memcpy(&n, p, bytes);
  return double(kind == BURIN_I32 ? int64_t(int32_t(n)) : n);
}

// Relative where the expected value is large, absolute near 0; NaN equals NaN.
extern "C" void burin_expect(struct burin_run *, const void *found, const void *expected, int64_t count, uint32_t kind, uint32_t bytes, double tolerance, int64_t line) {
  for (int64_t i = 0; i < count; ++i) {
    double x = element(found, i, kind, bytes), y = element(expected, i, kind, bytes);
    double scale = fabs(y) > 1 ? fabs(y) : 1;
    bool same = (x != x && y != y) || x == y || fabs(x - y) <= tolerance * scale;
    if (same)
      continue;
    burin_rt::error("E0530", "the program computes something else than its test says", "line %lld: element %lld is %.9g, expected %.9g", static_cast<long long>(line), static_cast<long long>(i), x, y);
    exit(1);
  }
}
