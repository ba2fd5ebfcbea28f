//===- Values.h - Numbers, indices and types as text -----------------------------===//
#pragma once
#include "runtime/Program.h"
#include <stdio.h>

namespace burin_rt {

uint64_t elementCount(const burin_program *program, const burin_type &type);
/// `f32[batch, pixel]`; with extents `f32[batch 32, pixel 64]`.
void printType(FILE *out, const burin_program *program, const burin_type &type, bool extents = false);
/// So many digits that reading them gives the same value; an index as its label.
void printElement(FILE *out, const burin_program *program, const burin_type &type, const void *value);
/// The i-th of a tensor's numbers; a whole number beyond 2^53 is rounded.
double numberAt(const burin_type &type, const void *values, uint64_t i);
/// For printing: a NaN without its sign, which says nothing.
inline double plain(double value) { return value != value ? __builtin_fabs(value) : value; }
/// A task's result, in the step arena. A scalar on a line; a tensor as rows over its last axis, as far as it is
/// present; labels of one character along a bounded last axis as text. One that has a name stands behind it; several
/// rows, below.
void printResult(const burin_program *program, const burin_task &task, uint32_t result, const char *step);

/// Parses all of `text` as one element of the type into `out` (`type.bytes` of it), whatever the locale is. Null, or
/// what was expected: "a number", "a label of the axis" ... `out` is written only if it parses.
const char *parseElement(const burin_program *program, const burin_type &type, const char *text, void *out);
/// A whole number that an element of this type can be. Null, or what was expected.
const char *storeInteger(const burin_program *program, const burin_type &type, int64_t value, void *out);

/// Whether indices and truth values that come from a file are within their axes: kernels use them without looking.
bool valuesFit(const burin_program *program, const burin_type &type, const char *values, uint64_t bytes);

constexpr burin_type f64Scalar = {BURIN_F64, 0, 8, 0, nullptr}, i64Scalar = {BURIN_I64, 0, 8, 0, nullptr};

} // namespace burin_rt
