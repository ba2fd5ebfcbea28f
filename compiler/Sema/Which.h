//===- Which.h - Where a bool holds, as indices -------------------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

/// `which[kept](m)`: the indices at which a bool holds, in order, along a bounded axis. Which.md.
class Which {
public:
  Which(Analyzer &analyzer, Context &context, Location place) : a(analyzer), c(context), place(place) {}
  /// `brackets`: what stands there; `said`: behind `over:`, which a bool along one axis needs not.
  Value make(const std::vector<Axes> &brackets, const std::vector<Analyzer::Argument> &given,
             const std::optional<Axes> &said);

private:
  std::optional<AxisUse> kept(const std::vector<Axes> &brackets);
  std::optional<AxisUse> listed(const Analyzer::Argument &given, Expr *m, const std::optional<Axes> &said);
  Expr *both(Expr *x, Expr *y);
  Expr *number(double n);
  Expr *places(Expr *m, const AxisUse &over, const AxisUse &kept);

  Analyzer &a;
  Context &c;
  Location place;
};

} // namespace burin::sema
