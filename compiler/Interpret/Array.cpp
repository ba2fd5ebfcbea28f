#include "compiler/Interpret/Array.h"
#include "dialects/Interfaces/NarrowFloats.h"
#include <cfloat>
#include <cmath>
using namespace mlir;

namespace burin::interpret {

MutableRef allocate(NamedTensorType type, ArrayRef<int64_t> sizes, Arithmetic arithmetic) {
  uint64_t count = 1;
  for (int64_t size : sizes)
    if (size < 0 || size > INT32_MAX || (count *= uint64_t(size)) > INT32_MAX)
      return nullptr;
  auto array = std::make_shared<Array>();
  array->type = type;
  array->sizes.assign(sizes.begin(), sizes.end());
  if (!type.isFloat())
    array->elements = std::vector<int64_t>(count);
  else if (arithmetic == Arithmetic::Binary128)
    array->elements = std::vector<Quad>(count);
  else
    array->elements = std::vector<double>(count);
  return array;
}

Ref admit(Ref array, Arithmetic arithmetic) {
  auto *doubles = std::get_if<std::vector<double>>(&array->elements);
  if (!doubles || arithmetic != Arithmetic::Binary128)
    return array;
  auto copy = std::make_shared<Array>(*array);
  copy->elements = std::vector<Quad>(doubles->begin(), doubles->end());
  return copy;
}

std::string elementText(const Array &array, int64_t i) {
  Type element = array.type.getElement();
  if (auto *quads = std::get_if<std::vector<Quad>>(&array.elements)) {
    char text[64];
    strfromf128(text, sizeof text, "%.36g", (*quads)[size_t(i)]);
    return text;
  }
  if (array.isReal())
    return fmt::format("{:.{}g}", array.number(i), element.isF64() ? 17 : 9);
  if (element.isInteger(1))
    return array.integers()[size_t(i)] ? "true" : "false";
  return std::to_string(array.integers()[size_t(i)]);
}

std::string arrayText(const Array &array, int64_t limit) {
  std::string text;
  int64_t count = array.count(), rank = int64_t(array.sizes.size());
  auto boundaries = [&](int64_t n) { // how many axes begin at element n
    int64_t axes = 0, block = 1;
    while (axes < rank && n % (block *= array.sizes[size_t(rank - 1 - axes)]) == 0)
      ++axes;
    return axes;
  };
  if (count == 0)
    return "[]";
  for (int64_t n = 0; n < count && n < limit; ++n) {
    text.append(n ? (boundaries(n) ? "], " : ", ") : "");
    text.append(size_t(boundaries(n)), '[');
    if (n && boundaries(n) > 1)
      text.insert(text.size() - size_t(boundaries(n)) - 2, size_t(boundaries(n) - 1), ']');
    text += elementText(array, n);
  }
  if (count > limit)
    return text + ", …";
  return text.append(size_t(rank), ']');
}

// To the nearest number of 2^-places, ties to even, wherever x is.
static double nearestOf(long double x, int places) {
  return double(std::ldexp(std::nearbyint(std::ldexp(x, places)), -places));
}

// bf16 has 8 binary digits and the exponents of f32; f16 has 11, down to units of 2^-24, and ends at 65504.
static double roundNarrow(Type element, long double x) {
  if (!(std::fabs(x) > 0) || std::isinf(x))
    return double(x);
  if (element.isBF16() && std::fabs(float(x)) < FLT_MIN)
    return std::copysign(0.0, double(x));
  int exponent, digits = element.isBF16() ? 8 : 11;
  std::frexp(x, &exponent);
  double y = nearestOf(x, element.isBF16() ? digits - exponent : std::min(digits - exponent, 24));
  double beyond = element.isBF16() ? 0x1p128 : 0x1p16;
  return std::fabs(y) >= beyond ? std::copysign(INFINITY, y) : y;
}

double Declared::round(Type element, double x) {
  if (isNarrow(element))
    return roundNarrow(element, x);
  if (element.isF32()) {
    float y = float(x);
    return std::fabs(y) < FLT_MIN ? std::copysign(0.0, x) : double(y); // false for NaN
  }
  return std::fabs(x) < DBL_MIN ? std::copysign(0.0, x) : x;
}

double Declared::fma(Type element, double a, double b, double c) {
  return element.isF32() ? double(std::fma(float(a), float(b), float(c))) : std::fma(a, b, c);
}

double Declared::fromInteger(Type element, int64_t x) {
  if (isNarrow(element))
    return roundNarrow(element, static_cast<long double>(x)); // which holds each i64
  return element.isF32() ? double(float(x)) : double(x);
}

int64_t wrap(Type element, int64_t x) {
  if (element.isInteger(1))
    return x & 1;
  if (element.isUnsignedInteger(8))
    return uint8_t(x);
  return element.isInteger(32) ? int32_t(x) : x;
}

SmallVector<int64_t> stepsAlong(const Array &array, ArrayRef<StringAttr> axes) {
  SmallVector<int64_t> own(array.sizes.size(), 1);
  for (size_t axis = own.size(); axis-- > 1;)
    own[axis - 1] = own[axis] * array.sizes[axis];
  return llvm::map_to_vector(axes, [&](StringAttr axis) -> int64_t {
    int place = array.type.axisPosition(axis);
    return place < 0 ? 0 : own[size_t(place)];
  });
}

Ref sliceOf(const Array &sequence, NamedTensorType type, int64_t i) {
  auto slice = std::make_shared<Array>();
  slice->type = type;
  slice->sizes.assign(std::next(sequence.sizes.begin()), sequence.sizes.end());
  std::visit(
      [&](const auto &all) {
        int64_t count = int64_t(all.size()) / sequence.sizes.front();
        slice->elements = std::decay_t<decltype(all)>(all.begin() + i * count, all.begin() + (i + 1) * count);
      },
      sequence.elements);
  return slice;
}

Ref stackOf(ArrayRef<Ref> slices, NamedTensorType type) {
  auto whole = std::make_shared<Array>();
  whole->type = type;
  whole->sizes.push_back(int64_t(slices.size()));
  llvm::append_range(whole->sizes, slices.front()->sizes);
  std::visit(
      [&](const auto &first) {
        std::decay_t<decltype(first)> all;
        for (const Ref &slice : slices)
          llvm::append_range(all, slice->as<typename std::decay_t<decltype(first)>::value_type>());
        whole->elements = std::move(all);
      },
      slices.front()->elements);
  return whole;
}

} // namespace burin::interpret
