// The dialect, its types and the bottom of the class ladder.
#ifndef BURIN_BASE
#define BURIN_BASE
include "mlir/IR/OpBase.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinTypeInterfaces.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "dialects/Interfaces/Interfaces.td"

def Burin_Dialect : Dialect {
  let name = "burin";
  let cppNamespace = "::burin";
  let summary = "tensors with named axes, and control over them";
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

def Burin_Tensor : TypeDef<Burin_Dialect, "NamedTensor", [ShapedTypeInterface]> {
  let mnemonic = "tensor";
  let summary = "a tensor whose axes have names; without axes a scalar";
  let description = [{
    `!burin.tensor<f32[batch 32, "H'" 128]>`, `!burin.tensor<i64>`. Names are distinct [distinct_axes]. An extent is `?` on the axis of a
    data set only.
  }];
  let parameters = (ins "::mlir::Type":$element, ArrayRefParameter<"int64_t">:$sizes,
                        ArrayRefParameter<"::mlir::StringAttr">:$axes);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    ::mlir::Type getElementType() const { return getElement(); }
    bool hasRank() const { return true; }
    ::llvm::ArrayRef<int64_t> getShape() const { return getSizes(); }
    ::mlir::ShapedType cloneWith(std::optional<::llvm::ArrayRef<int64_t>> shape, ::mlir::Type element) const {
      return NamedTensorType::get(getContext(), element, shape ? *shape : getSizes(), getAxes());
    }
    /// Place of an axis, or -1.
    int axisPosition(::mlir::StringAttr axis) const;
    bool hasAxis(::mlir::StringAttr axis) const { return axisPosition(axis) >= 0; }
    /// Extent of an axis that is there.
    int64_t extentOf(::mlir::StringAttr axis) const { return getSizes()[axisPosition(axis)]; }
    NamedTensorType without(::llvm::ArrayRef<::mlir::StringAttr> axes) const;
    NamedTensorType withElement(::mlir::Type element) const { return get(getContext(), element, getSizes(), getAxes()); }
    NamedTensorType withAxis(::mlir::StringAttr axis, int64_t extent) const; ///< appended
    NamedTensorType withFirstAxis(::mlir::StringAttr axis, int64_t extent) const;
    NamedTensorType withoutFirstAxis() const; ///< of a type that has axes: a slice along the first
    NamedTensorType withoutAxes() const { return get(getContext(), getElement(), {}, {}); }
    /// Same axes with the same extents, in any order.
    bool sameAxesAs(NamedTensorType other) const;
    bool isFloat() const { return ::llvm::isa<::mlir::FloatType>(getElement()); }
    static NamedTensorType scalar(::mlir::Type element) { return get(element.getContext(), element, {}, {}); }
  }];
}

def Burin_AxisIndex : TypeDef<Burin_Dialect, "AxisIndex"> {
  let mnemonic = "index";
  let summary = "an index of an axis, as an element: `!burin.index<digit 10>`; `?` for a data set's";
  let parameters = (ins "::mlir::StringAttr":$axis, "int64_t":$extent);
  let hasCustomAssemblyFormat = 1;
}

def Burin_BoolScalar : Type<CPred<"::burin::isBoolScalar($_self)">, "a bool without axes", "::burin::NamedTensorType">;
def Burin_I64Scalar : Type<CPred<"::burin::isI64Scalar($_self)">, "an i64 without axes", "::burin::NamedTensorType">;

// Every op. Meaning, types, rule and scalar body of an op stand in its record.
class Burin_Op<string mnemonic, list<Trait> traits = []> : Op<Burin_Dialect, mnemonic, traits>;
// Ops of which random programs are made: each says how in Generate.cpp, pointwise ones by their element rule.
class Burin_GeneratableOp<string mnemonic, list<Trait> traits = []>
    : Burin_Op<mnemonic, !listconcat(traits, [DeclareOpInterfaceMethods<GeneratableOpInterface>])>;
class Burin_PureOp<string mnemonic, list<Trait> traits = []> : Burin_GeneratableOp<mnemonic, !listconcat([Pure], traits)>;
// Ops with a rule in Derivatives.cpp.
class Burin_LinearOp<string mnemonic, list<Trait> traits = []>
    : Burin_PureOp<mnemonic, !listconcat([DeclareOpInterfaceMethods<DifferentiableOpInterface>], traits)>;
class Burin_DiscreteOp<string mnemonic, list<Trait> traits = []>
    : Burin_PureOp<mnemonic, !listconcat([NonDifferentiable], traits)>;
#endif
