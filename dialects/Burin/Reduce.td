// Reductions over named axes.
#ifndef BURIN_REDUCE
#define BURIN_REDUCE
include "dialects/Burin/Base.td"
include "mlir/IR/EnumAttr.td"

// `kind` is one of sum prod max min any all [reduce_kind]; `over` names axes that the operand has [reduced_axes].
def ReduceOp : Burin_LinearOp<"reduce", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "`burin.reduce \"sum\" %x over [\"digit\"] : … -> …`";
  let description = [{
    Over the last listed axis element i goes to lane i mod 16, over the others in listed order, each lane one chain from the
    identity (-0 for sums); then lane l takes lane l + 8, + 4, + 2, + 1. Integers and bools: the same, exactly.
  }];
  let arguments = (ins StrAttr:$kind, Burin_Tensor:$x, StrArrayAttr:$over);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$kind $x `over` $over attr-dict `:` functional-type($x, $y)";
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$kind, "::mlir::Value":$x, "::llvm::ArrayRef<::mlir::StringAttr>":$over)>];
}
def AccumulateOp : Burin_DiscreteOp<"accumulate", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "the lanes of a reduction alone, continued: `burin.accumulate \"sum\" %x into %lanes over [\"rows\"]`";
  let description = [{
    `acc` and the result have the other axes of x and an axis `lane` of extent 16 last [lane_axis]. The first element goes to lane 0.
    `reduce(x) = reduce(accumulate(x, identities)) over [lane]`, so a sum over tiles carries its lanes.
  }];
  let arguments = (ins StrAttr:$kind, Burin_Tensor:$x, Burin_Tensor:$acc, StrArrayAttr:$over);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$kind $x `into` $acc `over` $over attr-dict `:` functional-type(operands, $y)";
  let hasVerifier = 1;
}
def ArgReduceOp : Burin_DiscreteOp<"arg_reduce", [NoArithmetic]> {
  let summary = "index of the largest or smallest: `burin.arg_reduce \"max\" %x over \"digit\"`; the first wins a tie, NaN wins";
  let arguments = (ins StrAttr:$kind, Burin_Tensor:$x, StrAttr:$over);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$kind $x `over` $over attr-dict `:` functional-type($x, $y)";
  let hasVerifier = 1;
}
#endif
