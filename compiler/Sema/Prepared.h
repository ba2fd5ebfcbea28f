//===- Prepared.h - A call's arguments, as the body takes them -----------------===//
#pragma once
#include "compiler/Sema/Analyzer.h"

namespace burin::sema {

struct Analyzer::Prepared {
  std::vector<Expr *> arguments;                        ///< tensors
  std::vector<std::pair<std::string, Value>> constants; ///< functions, literals
  std::vector<NamedValue> parameters;                   ///< what they are leaves of, in order
  std::vector<Type> declared;                           ///< their declared types, without mapped axes
  std::vector<Operand> operands;                        ///< the arguments as they were given
  std::vector<AxisUse> mapped;
  Aliases fresh;                       ///< of these and `rest`, what the body speaks of itself: outside, inside
  Axes rest;                           ///< what `..` stands for
  Axes lengths;                        ///< of bounded axes: the axis as the body knows it, with the caller's length
  std::vector<Expr *> lengthArguments; ///< their values, along axes as the body knows them
  std::vector<const Variable *> found; ///< the lengths that the body has found, as the caller knows them
  std::vector<bool> open;              ///< whose parameter's type has it
  std::vector<AxisUse> ofModels;       ///< of `mapped`, what models bring
  Expr *counts = nullptr; ///< where the conditions around the call hold; null: everywhere, or it makes no difference
  bool draws = false;
};

} // namespace burin::sema
