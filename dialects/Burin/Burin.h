//===- Burin.h - The burin dialect ------------------------------------------===//
#pragma once
#include "dialects/Interfaces/Choices.h"
#include "dialects/Interfaces/Interfaces.h"
#include "dialects/Interfaces/OperationCount.h"
#include "dialects/Interfaces/Rules.h"
#include "dialects/Interfaces/ScalarBuilder.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/Burin/BurinDialect.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/Burin/BurinTypes.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/Burin/BurinAttributes.h.inc"

namespace burin {

/// What elements a pointwise op takes and gives.
enum class ElementRule { Float, Floats, Number, Compare, Order, Bool, Select, Any, Wide, Draw, Same };

bool isI64Scalar(mlir::Type type);
bool isBoolScalar(mlir::Type type);

/// How an element lies in memory: f32 f64 i8 i32 i64; a bool as i8, bf16 and f16 as i16, an index in 1, 2, 4 or 8 bytes
/// by its extent.
mlir::Type storageType(mlir::Type element);
/// How an element is computed with: a bool is i1, an index and ui8 i32 (a data set's index i64), bf16 and f16 f32,
/// others themselves.
mlir::Type computeType(mlir::Type element);

/// A value as it is computed with, brought back to what its element holds: a byte is computed with in 32 bits, bf16 and
/// f16 in f32.
mlir::Value wrapElement(ScalarBuilder &b, mlir::Value x, mlir::Type element);
/// A conversion to an element (the scalar body of `cast`), before it is brought back so. Floats saturate.
mlir::Value castElement(ScalarBuilder &b, mlir::Value x, mlir::Type element);
/// Of memory, as it is computed with; and back.
mlir::Value fromStorage(ScalarBuilder &b, mlir::Value raw, mlir::Type element);
mlir::Value toStorage(ScalarBuilder &b, mlir::Value value, mlir::Type element);
/// A number of an element (a FloatAttr or IntegerAttr) as it is computed with.
mlir::TypedAttr computedConstant(mlir::Attribute number, mlir::Type element);

/// The type of a pointwise op's result: the axes of the operand that has the most, then what the others add.
NamedTensorType inferPointwise(ElementRule rule, mlir::ValueRange operands);
/// The same for a given element.
NamedTensorType unionOfAxes(mlir::Type element, mlir::TypeRange operands);
/// What a gather gives: the axes of the table that it does not take, and the indices'.
NamedTensorType gatheredType(NamedTensorType table, mlir::TypeRange indices, mlir::ArrayRef<mlir::StringAttr> at);
/// What numbers are: floats, i32, i64 and ui8.
bool isNumber(mlir::Type element);
mlir::LogicalResult verifyPointwise(mlir::Operation *op, unsigned operands, ElementRule rule);
void pointwiseCotangents(mlir::Operation *op, Rules &b, mlir::Value dy, mlir::ArrayRef<bool> wanted,
                         mlir::MutableArrayRef<mlir::Value> dx);

/// A random instance of a pointwise op; null if what is at hand does not allow one.
mlir::Operation *generatePointwise(Choices &c, llvm::StringRef name, unsigned operands, ElementRule rule);

/// A splat constant of a burin type.
mlir::DenseElementsAttr splat(NamedTensorType type, double value);
mlir::SmallVector<mlir::StringAttr> axisNames(mlir::ArrayAttr names);
mlir::ArrayAttr axisArray(mlir::MLIRContext *context, mlir::ArrayRef<mlir::StringAttr> names);
/// The value that a reduction starts from.
double reduceIdentity(mlir::StringRef kind, mlir::Type element);

/// Whether an op writes its first operand's elements at indices: scatter_add or scatter.
bool isScatter(mlir::Operation *op);
/// What it writes into: an operand of the result's type, or null for zeros.
mlir::Value scatteredInto(mlir::Operation *op);
inline NamedTensorType typeOf(mlir::Value v) { return mlir::cast<NamedTensorType>(v.getType()); }

} // namespace burin

#define GET_OP_CLASSES
#include "dialects/Burin/BurinOps.h.inc"
