#include "runtime/Narrow.h"
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

namespace burin_rt {

/// Bits of the significand that are kept, and the exponents of the least and the largest normal number.
struct Format {
  int places, least, largest;
};
static Format formatOf(uint32_t element) { return element == BURIN_BF16 ? Format{7, -126, 127} : Format{10, -14, 15}; }

double widened(uint32_t element, uint16_t bits) {
  Format f = formatOf(element);
  int exponent = (bits & 0x7FFF) >> f.places, significand = bits & ((1 << f.places) - 1);
  double size = NAN;
  if (exponent == 0)
    size = ldexp(significand, f.least - f.places);
  else if (exponent <= f.largest - f.least + 1)
    size = ldexp(significand + (1 << f.places), exponent - 1 + f.least - f.places);
  else if (significand == 0)
    size = HUGE_VAL;
  return bits & 0x8000 ? -size : size;
}

uint16_t narrowed(uint32_t element, double value) {
  Format f = formatOf(element);
  uint16_t sign = signbit(value) ? 0x8000 : 0;
  uint32_t infinity = uint32_t(f.largest - f.least + 2) << f.places;
  if (isnan(value))
    return uint16_t(sign | infinity | 1u << (f.places - 1));
  if (isinf(value))
    return uint16_t(sign | infinity);
  if (value == 0)
    return sign;
  int exponent;
  frexp(value, &exponent); // |value| < 2^exponent
  exponent = exponent - 1 < f.least ? f.least : exponent - 1;
  if (exponent > f.largest)
    return uint16_t(sign | infinity);
  // In units of the last place, which a double holds; `nearbyint` rounds ties to even.
  uint32_t units = uint32_t(nearbyint(ldexp(fabs(value), f.places - exponent)));
  uint32_t bits = (uint32_t(exponent - f.least) << f.places) + units; // a carry raises the exponent
  return uint16_t(sign | (bits < infinity ? bits : infinity));
}

// Of the two doubles around it the one with the odd last bit, which is on the same side of each number of few bits.
uint16_t narrowedText(uint32_t element, const char *text) {
  int before = fegetround();
  fesetround(FE_DOWNWARD);
  double low = strtod(text, nullptr);
  fesetround(FE_UPWARD);
  double high = strtod(text, nullptr);
  fesetround(before);
  uint64_t bits;
  memcpy(&bits, &low, 8);
  return narrowed(element, bits & 1 ? low : high);
}

} // namespace burin_rt
