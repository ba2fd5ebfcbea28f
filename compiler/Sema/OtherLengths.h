//===- OtherLengths.h - The sides of an `if`, and their lengths -------------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

/// The sides of an `if` along bounded axes, each as long as it is.
struct Analyzer::Sides {
  Context &yes, &no;
  Location place;
  std::function<bool(const Variable *)> isInside;         ///< whether a branch finds the length
  std::function<const Variable *(Expr *, Expr *)> choose; ///< of two lengths the one of the side that is chosen
  std::map<std::pair<const Variable *, const Variable *>, const Variable *> known = {};
};

} // namespace burin::sema
