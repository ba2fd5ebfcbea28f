// Constants, and ops that only change axes.
#ifndef BURIN_SHAPE
#define BURIN_SHAPE
include "dialects/Burin/Base.td"

def ConstantOp : Burin_DiscreteOp<"constant", [NoArithmetic, ConstantLike, AllTypesMatch<["value", "y"]>]> {
  let summary = "`burin.constant dense<1.0> : !burin.tensor<f32[pixel 64]>`";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$value attr-dict";
  let hasFolder = 1;
  let builders = [OpBuilder<(ins "::mlir::ElementsAttr":$value), "build($_builder, $_state, value.getShapedType(), value);">];
}
def BroadcastOp : Burin_LinearOp<"broadcast", [NoArithmetic]> {
  let summary = "the same values with more axes [broadcast_adds]";
  let arguments = (ins Burin_Tensor:$x);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type($x, $y)";
  let hasVerifier = 1;
  let hasFolder = 1;
}
def RenameOp : Burin_LinearOp<"rename", [NoArithmetic]> {
  let summary = "the same values, in order, under other axis names [rename_extents]";
  let arguments = (ins Burin_Tensor:$x);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type($x, $y)";
  let hasVerifier = 1;
  let hasFolder = 1;
}
def IotaOp : Burin_DiscreteOp<"iota", [NoArithmetic]> {
  let summary = "the index itself along an axis [iota_type]";
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "attr-dict `:` type($y)";
  let hasVerifier = 1;
}
#endif
