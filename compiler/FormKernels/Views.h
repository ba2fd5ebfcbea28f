//===- Views.h - Values that are other values' memory, read elsewhere -----------===//
#pragma once
#include "dialects/Burin/Burin.h"

namespace burin {

/// A value that is another's memory read elsewhere: a renaming or a window. Kernels read through it, so it has no
/// memory of its own unless a kernel gives it as a result.
bool isView(mlir::Operation *op);
/// A view whose elements all lie at sums of multiples of indices: not one that is 0 where there is no element.
bool isAffineView(mlir::Operation *op);

/// A constant of one number: each kernel has its own.
bool isSplatConstant(mlir::Operation *op);
/// Whole numbers, indices and bools that follow from the places where loops stand alone, so that they need no memory
/// either: kernels compute them where they need them.
bool isIndexExpression(mlir::Operation *op);

/// Where the elements of a value lie: in the memory of `memory`, at `offset` plus the sum of strides times indices, in
/// elements.
struct Access {
  mlir::Value memory;
  llvm::SmallVector<std::pair<mlir::StringAttr, int64_t>> strides; ///< of all axes of the value
  int64_t offset = 0;
  int64_t stride(mlir::StringAttr axis) const; ///< 0 where the value lacks the axis
};
/// Through affine views, to what is none.
Access accessOf(mlir::Value v);
/// Whether a value lies in its memory as if it were no view.
bool isRowMajor(mlir::Value v);

/// An affine view of memory that is laid out anew: `laid` has the axes of `memory` in another order.
mlir::Value onOtherMemory(mlir::OpBuilder &builder, mlir::Value v, mlir::Value memory, mlir::Value laid);
/// The axis of the memory that an axis of a view steps along, one element of it at a time; null if there is none.
mlir::StringAttr memoryAxis(mlir::Value v, mlir::StringAttr axis);

/// A window that is 0 where there is no element, as an affine window on a copy with these zeros around and between.
/// `padded` gives such a copy: a window of this type at these places.
WindowOp affineWindow(mlir::OpBuilder &builder, WindowOp op,
                      llvm::function_ref<mlir::Value(NamedTensorType, mlir::ArrayAttr)> padded);

} // namespace burin
