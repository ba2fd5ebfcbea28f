//===- Array.h - Values of the interpreter ----------------------------------===//
#pragma once
#include "compiler/Interpret/Scalar.h"
#include "dialects/Burin/Burin.h"
#include <memory>
#include <variant>
#include <vector>

namespace burin::interpret {

/// A dense array, row-major in the order of its type's axes. Integers, indices and bools are 64-bit integers; floats
/// are doubles or, where the interpreter computes in binary128, of that.
struct Array {
  NamedTensorType type;
  llvm::SmallVector<int64_t> sizes; ///< the type's extents, `?` replaced by what it is in this run
  std::variant<std::vector<int64_t>, std::vector<double>, std::vector<Quad>> elements;

  bool isReal() const { return type.isFloat(); }
  int64_t count() const {
    return std::visit([](const auto &numbers) { return int64_t(numbers.size()); }, elements);
  }
  /// The elements as what they are kept as.
  template <typename Number> std::vector<Number> &as() { return std::get<std::vector<Number>>(elements); }
  template <typename Number> const std::vector<Number> &as() const { return std::get<std::vector<Number>>(elements); }
  const std::vector<int64_t> &integers() const { return as<int64_t>(); }
  std::vector<int64_t> &integers() { return as<int64_t>(); }
  /// An element as a double, whatever it is kept as.
  double number(int64_t i) const {
    return std::visit([&](const auto &numbers) { return double(numbers[size_t(i)]); }, elements);
  }
};

/// Values are shared and never changed after they are made; the address of one is its identity on the tape.
using Ref = std::shared_ptr<const Array>;
using MutableRef = std::shared_ptr<Array>;

/// An array of zeros; null if it would have more than 2^31 elements.
MutableRef allocate(NamedTensorType type, llvm::ArrayRef<int64_t> sizes, Arithmetic arithmetic = Arithmetic::Declared);
/// An array from outside, whose floats are doubles that their element holds, as the arithmetic keeps it.
Ref admit(Ref array, Arithmetic arithmetic);
/// The element's text: an index or integer as such, a float with the digits that give it back.
std::string elementText(const Array &array, int64_t i);
/// `[[1, 2], [3, 4]]`; at most `limit` elements.
std::string arrayText(const Array &array, int64_t limit = 64);

/// The i-th slice along the first axis, which the slice's type lacks.
Ref sliceOf(const Array &sequence, NamedTensorType type, int64_t i);
/// Slices one after the other, along a first axis of the type.
Ref stackOf(llvm::ArrayRef<Ref> slices, NamedTensorType type);

/// An integer cut to its element's width.
int64_t wrap(mlir::Type element, int64_t x);

/// Calls f with the elements of two arrays of one kind, floats kept as `Real` or integers.
template <typename Real, typename Function> void withElements(const Array &from, Array &to, Function f) {
  if (to.isReal())
    f(from.as<Real>(), to.as<Real>());
  else
    f(from.integers(), to.integers());
}

/// Steps of an array along given axes; 0 where it lacks one.
llvm::SmallVector<int64_t> stepsAlong(const Array &array, llvm::ArrayRef<mlir::StringAttr> axes);

/// Calls f(n, offsets) for every place of an index space in row-major order; offsets[k] is the place in the k-th
/// operand.
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
