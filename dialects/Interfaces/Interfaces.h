//===- Interfaces.h - Pointwise, differentiable and generatable ops ---------===//
#pragma once
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace burin {
class ScalarBuilder;
class Rules;
class Choices;

/// Marks an op through which no derivative passes.
template <typename Op> struct NonDifferentiable : mlir::OpTrait::TraitBase<Op, NonDifferentiable> {};
} // namespace burin

#include "dialects/Interfaces/Interfaces.h.inc"
