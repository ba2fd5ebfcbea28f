//===- Narrow.h - bf16 and f16 in memory ---------------------------------------===//
#pragma once
#include "runtime/Program.h"

namespace burin_rt {

/// Whether an element is bf16 or f16 (`burin_element`).
inline bool isNarrow(uint32_t element) { return element == BURIN_BF16 || element == BURIN_F16; }
/// The number that 16 bits are; a NaN's are some NaN.
double widened(uint32_t element, uint16_t bits);
/// The bits of the nearest number, ties to even; an infinity beyond the largest.
uint16_t narrowed(uint32_t element, double value);
/// A decimal number, which strtod takes: rounded once.
uint16_t narrowedText(uint32_t element, const char *text);

} // namespace burin_rt
