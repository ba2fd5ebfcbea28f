//===- Arrays.h - Files of one array ---------------------------------------------===//
#pragma once
#include "runtime/Program.h"

namespace burin_rt {

/// What the header of such a file says.
struct ArrayHeader {
  char kind = 0;        ///< f, i, u or b
  uint32_t width = 0;   ///< bytes of an element
  bool swapped = false; ///< the highest byte first
  bool fortran = false;
  uint32_t rank = 0;
  uint64_t shape[32];
  uint64_t start = 0; ///< where its elements begin
};

/// The header of a `.npy` file (versions 1 and 2; `<f2 <f4 <f8 <i4 <i8 |u1 |b1`) whose first `size` bytes these are, of
/// `all`. Null, or the reason why not.
const char *readNpyHeader(const char *text, uint64_t size, uint64_t all, ArrayHeader &header);
/// The same of an IDX file: `u1 i1 i2 i4 f4 f8`, the highest byte first.
const char *readIdxHeader(const char *text, uint64_t size, uint64_t all, ArrayHeader &header);
/// Below an error: what shape is expected, of `what` each, and which was found.
void printShapes(const burin_program *program, const char *what, const burin_type &type, const ArrayHeader &header);
/// An element of the file as one of the type: floats of either width become floats; whole numbers become any type that
/// can hold them. Null, or what was expected.
const char *convertElement(const burin_program *program, const burin_type &type, const ArrayHeader &header,
                           const char *from, void *to);

} // namespace burin_rt
