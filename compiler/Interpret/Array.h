//===- Array.h - Values of the interpreter ----------------------------------===//
#pragma once
#include "dialects/Burin/Burin.h"
#include <memory>
#include <vector>

namespace burin::interpret {

/// A dense array, row-major in the order of its type's axes. Floats lie in `reals`, everything else in `integers`.
struct Array {
  NamedTensorType type;
  llvm::SmallVector<int64_t> sizes; ///< the type's extents, `?` replaced by what it is in this run
  std::vector<double> reals;
  std::vector<int64_t> integers;

  bool isReal() const { return type.isFloat(); }
  int64_t count() const { return int64_t(isReal() ? reals.size() : integers.size()); }
  double number(int64_t i) const { return isReal() ? reals[size_t(i)] : double(integers[size_t(i)]); }
};

/// Values are shared and never changed after they are made; the address of one is its identity on the tape.
using Ref = std::shared_ptr<const Array>;
using MutableRef = std::shared_ptr<Array>;

/// An array of zeros; null if it would have more than 2^31 elements.
MutableRef allocate(NamedTensorType type, llvm::ArrayRef<int64_t> sizes);
/// The element's text: an index or integer as such, a float with the digits that give it back.
std::string elementText(const Array &array, int64_t i);
/// `[[1, 2], [3, 4]]`; at most `limit` elements.
std::string arrayText(const Array &array, int64_t limit = 64);

/// How results are rounded. Declared: to the element's type after every operation, numbers too small to be normal become zero (as
/// the runtime sets the processor). Otherwise floats are doubles throughout.
struct Rounding {
  bool declared = true;
  double operator()(mlir::Type element, double x) const;
};
/// An integer cut to its element's width.
int64_t wrap(mlir::Type element, int64_t x);

/// Steps of an array along given axes; 0 where it lacks one.
llvm::SmallVector<int64_t> stepsAlong(const Array &array, llvm::ArrayRef<mlir::StringAttr> axes);

/// Calls f(n, offsets) for every place of an index space in row-major order; offsets[k] is the place in the k-th operand.
template <typename Function>
void walk(llvm::ArrayRef<int64_t> sizes, llvm::ArrayRef<llvm::SmallVector<int64_t>> steps, Function f) {
  llvm::SmallVector<int64_t> place(sizes.size()), offsets(steps.size());
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  for (int64_t n = 0; n < count; ++n) {
    f(n, llvm::ArrayRef<int64_t>(offsets));
    for (size_t axis = sizes.size(); axis-- > 0;) {
      bool wraps = ++place[axis] == sizes[axis];
      for (size_t k = 0; k < steps.size(); ++k)
        offsets[k] += wraps ? -steps[k][axis] * (sizes[axis] - 1) : steps[k][axis];
      if (!wraps)
        break;
      place[axis] = 0;
    }
  }
}

} // namespace burin::interpret
