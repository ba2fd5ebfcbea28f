// Sums of products.
#ifndef BURIN_CONTRACT
#define BURIN_CONTRACT
include "dialects/Burin/Base.td"

def ContractOp : Burin_LinearOp<"contract", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "sum of products over named axes: `burin.contract %x, %w over [\"pixel\"] : (…, …) -> …`";
  let description = [{
    Both operands have the axes of `over` [summed_in_both]; other axes that both have are aligned. The result has all other axes
    [result_axes]. Each element is one chain of fused multiply-adds in index order (of several summed axes the last listed is
    innermost), from 0 or from the element of `acc`, which has the result's type [acc_type].
  }];
  let arguments = (ins Burin_Tensor:$lhs, Burin_Tensor:$rhs, Optional<Burin_Tensor>:$acc, StrArrayAttr:$over);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$lhs `,` $rhs (`from` $acc^)? `over` $over attr-dict `:` functional-type(operands, $y)";
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::Type":$y, "::mlir::Value":$lhs, "::mlir::Value":$rhs,
                                 "::llvm::ArrayRef<::mlir::StringAttr>":$over)>];
}
#endif
