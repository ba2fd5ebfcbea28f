// Draws: functions of a key. Burin.md gives the bits.
#ifndef BURIN_RANDOM
#define BURIN_RANDOM
include "dialects/Burin/Base.td"

def FoldInOp : Burin_DiscreteOp<"fold_in", [NoArithmetic]> {
  let summary = "a new key from a key and a number";
  let arguments = (ins Burin_I64Scalar:$key, Burin_I64Scalar:$data);
  let results = (outs Burin_I64Scalar:$y);
  let assemblyFormat = "$key `,` $data attr-dict `:` functional-type(operands, $y)";
  let builders = [OpBuilder<(ins "::mlir::Value":$key, "::mlir::Value":$data), [{
    build($_builder, $_state, key.getType(), key, data);
  }]>];
  let extraClassDeclaration = "";
}
def RandomOp : Burin_DiscreteOp<"random", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "uniform f32 in [0, 1); element number i of the result takes counter i [random_type]";
  let arguments = (ins Burin_I64Scalar:$key);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$key attr-dict `:` type($key) `->` type($y)";
  let hasVerifier = 1;
}
#endif
