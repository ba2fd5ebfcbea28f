//===- Interfaces.h - Pointwise, differentiable and generatable ops ---------===//
#pragma once
#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace burin {
class ScalarBuilder;
class Rules;
class Choices;
struct OperationCount;

/// Marks an op through which no derivative passes.
template <typename Op> struct NonDifferentiable : mlir::OpTrait::TraitBase<Op, NonDifferentiable> {};
/// Marks an op that computes nothing on elements: it moves or makes them.
template <typename Op> struct NoArithmetic : mlir::OpTrait::TraitBase<Op, NoArithmetic> {};
/// Marks a pointwise op whose result is a number of its element without a rounding.
template <typename Op> struct Exact : mlir::OpTrait::TraitBase<Op, Exact> {};
} // namespace burin

#include "dialects/Interfaces/Interfaces.h.inc"
