// What passes ask of an op, in place of switches over op kinds.
#ifndef BURIN_INTERFACES
#define BURIN_INTERFACES
include "mlir/IR/OpBase.td"

def PointwiseOpInterface : OpInterface<"PointwiseOpInterface"> {
  let cppNamespace = "::burin";
  let description = "One result, each element of which is a function of the operands' elements at the same place.";
  let methods = [
    InterfaceMethod<"The result's element (a scalar, or a vector of them) from the operands' elements.",
      "::mlir::Value", "scalar", (ins "::burin::ScalarBuilder &":$b, "::mlir::ValueRange":$x)>,
    InterfaceMethod<"The derivative of the result by operand `i`, as burin IR; null is zero.",
      "::mlir::Value", "partial", (ins "::burin::Rules &":$b, "unsigned":$i)>];
}

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::burin";
  let description = "An op with a rule of reverse mode. A null cotangent is zero.";
  let methods = [
    InterfaceMethod<"The operands' cotangents from the result's. `wanted[i]`: whether operand i's is needed.",
      "void", "cotangents", (ins "::burin::Rules &":$b, "::mlir::Value":$dy, "::llvm::ArrayRef<bool>":$wanted,
                             "::llvm::MutableArrayRef<::mlir::Value>":$dx)>];
}

def GeneratableOpInterface : OpInterface<"GeneratableOpInterface"> {
  let cppNamespace = "::burin";
  let description = "An op that random programs have (compiler/Generate).";
  let methods = [
    StaticInterfaceMethod<"A random well-typed instance of the op; null if what is at hand does not allow one.",
      "::mlir::Operation *", "generate", (ins "::burin::Choices &":$c)>];
}

def CostOpInterface : OpInterface<"CostOpInterface"> {
  let cppNamespace = "::burin";
  let description = "How much an op computes and reads; of pointwise ops it follows from the scalar body.";
  let methods = [
    InterfaceMethod<"Adds the arithmetic of one execution.", "void", "arithmetic", (ins "::burin::OperationCount &":$count)>,
    InterfaceMethod<"How many elements of operand `i` one execution reads: all, unless an op says otherwise.",
      "uint64_t", "elementsRead", (ins "unsigned":$i), "", [{
        return uint64_t(::mlir::cast<::mlir::ShapedType>($_op->getOperand(i).getType()).getNumElements());
      }]>];
}

// Declared, never absence: the op only moves elements.
def NoArithmetic : NativeOpTrait<"NoArithmetic"> { let cppNamespace = "::burin"; }

// The result is an operand's element, that without its sign, or a whole number that each type holds: of elements of a type
// it is one, however it is computed.
def Exact : NativeOpTrait<"Exact"> { let cppNamespace = "::burin"; }

// Declared, never absence: no derivative passes through the op, and what is differentiated may not depend on it silently.
def NonDifferentiable : NativeOpTrait<"NonDifferentiable"> { let cppNamespace = "::burin"; }
#endif
