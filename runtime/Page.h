//===- Page.h - What plots of lines and of points have in common ------------------===//
#pragma once
#include "runtime/Program.h"
#include "runtime/Replace.h"

namespace burin_rt {

/// The text of a file, in pieces.
class Text {
public:
  explicit Text(Replacement &out) : out(out) {}
  void add(const char *format, ...) __attribute__((format(printf, 2, 3)));
  /// As XML's content; control characters, which it can't have, as `?`. Of more than `most` characters, the first.
  void escaped(const char *text, uint32_t most = UINT32_MAX);
  /// A label of an axis: what it is called, or `digit 3`.
  void label(const burin_axis &axis, uint64_t index, uint32_t most = UINT32_MAX);
  void flush() { out.write(held, size), size = 0; }

private:
  Replacement &out;
  char held[4096];
  uint64_t size = 0;
};

/// From where to where an axis of the plot goes, and where it has marks.
struct Scale {
  double low = 0, high = 1, step = 1;
  static constexpr double mostMarks = 10;
  double mark(double k) const { return (__builtin_ceil(low / step) + k) * step + 0.0; } // no -0
  void fit(double least, double most);
};

/// What has a place on the page: no infinity or NaN, and nothing so large that distances are not.
inline bool hasPlace(double v) { return __builtin_fabs(v) < 1e150; }

/// A page of SVG 1.1, the rectangle on it in which values have places, and their scales.
struct Page {
  static constexpr double width = 640, height = 400, left = 70, top = 20, bottom = 350;
  double right = 620;
  Scale x, y;
  double across(double v) const { return left + (v - x.low) / (x.high - x.low) * (right - left); }
  double up(double v) const { return bottom - (v - y.low) / (y.high - y.low) * (bottom - top); }
  void begin(Text &out) const;
  void rows(Text &out) const;    ///< the marks of `y`, and lines through them
  void columns(Text &out) const; ///< those of `x`
  void border(Text &out) const;
};

/// How many kinds have colours of their own.
constexpr uint32_t colourCount = 20;
const char *colour(uint64_t number);

} // namespace burin_rt
