//===- Conversions.h - Numbers that become other numbers, or indices ------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

/// Conversions by name, in one place of a program: `u8(x)` is checked when the program runs (E0290), `clip(x, u8)`
/// takes the nearest number, `wrap(n, u8)` counts around; of an axis, `slot(n)` is checked (E0232) and `clip(n, slot)`
/// takes the nearest index. Floats lose what stands behind the point. Rules 3 and 11.
class Conversions {
  using Argument = Analyzer::Argument;

public:
  Conversions(Analyzer &analyzer, Context &context, Location place) : a(analyzer), c(context), place(place) {}

  /// `u8(x)`, `f32(n)`, `int(b)`.
  Value convert(const Element &to, const std::vector<Argument> &given);
  /// `clip(n, slot)`, `clip(x, u8)`; `clip(x, low, high)`, the nearest number between two.
  Value clip(const std::vector<Argument> &given);
  /// `wrap(n, u8)`: n modulo 256; `wrap(n, slot)`.
  Value wrap(const std::vector<Argument> &given);
  /// A whole number as an index of an axis with an extent.
  Value index(Expr *n, const AxisUse &axis, bool draws);
  /// The least and the largest number of an integer type.
  static std::pair<int64_t, int64_t> range(const Element &e);

private:
  Expr *number(const Argument &given, const Element &to, const char *what);
  Value clipIndex(const Argument &given, const Argument &axis);
  Expr *between(Expr *n, double low, double high);
  Expr *outside(Expr *x, const Element &to);
  Value checked(Expr *held, Expr *wrong, bool draws, const char *code, std::string message, std::string help);

  Analyzer &a;
  Context &c;
  Location place;
};

} // namespace burin::sema
