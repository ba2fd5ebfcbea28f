//===- Tops.h - The largest elements, with their indices ----------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

/// `top[beam](x, over: axes)`: as many of the largest elements along the axes as `beam` says, in order, and their
/// indices. Rules 8 and 27; Tops.md.
class Tops {
  using Argument = Analyzer::Argument;

public:
  Tops(Analyzer &analyzer, Context &context, Location place) : a(analyzer), c(context), place(place) {}
  /// `(value, index)`, the index of several axes a tuple of indices. `brackets`: what stands there.
  Value make(const std::vector<Axes> &brackets, const std::vector<Argument> &given, std::optional<Axes> over);

private:
  std::optional<AxisUse> counted(const std::vector<Axes> &brackets);
  bool enough(Expr *x, const AxisUse &k);
  Expr *numbers();
  Expr *state(const char *name, const Type &type, Expr *first);
  Expr *places(Expr *x, const AxisUse &k);
  Expr *both(Expr *x, Expr *y);
  Expr *either(Expr *x, Expr *y);
  Expr *compare(const char *how, Expr *x, Expr *y);
  Expr *isNan(Expr *x);

  Analyzer &a;
  Context &c;
  Location place;
  Axes over;
};

} // namespace burin::sema
