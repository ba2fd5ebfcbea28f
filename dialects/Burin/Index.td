// Reading and adding at indices.
#ifndef BURIN_INDEX
#define BURIN_INDEX
include "dialects/Burin/Base.td"

def GatherOp : Burin_LinearOp<"gather", [DeclareOpInterfaceMethods<CostOpInterface, ["elementsRead"]>]> {
  let summary = "`burin.gather %table[%i] at [\"digit\"]`: takes the axes named, one per index [index_of_axis]";
  let description = "The indices' axes align by name with the table's other axes, or are new; the result has all of them [gather_axes].";
  let arguments = (ins Burin_Tensor:$table, Variadic<Burin_Tensor>:$indices, StrArrayAttr:$at);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$table `[` $indices `]` `at` $at attr-dict `:` functional-type(operands, $y)";
  let hasVerifier = 1;
}
def ScatterAddOp : Burin_LinearOp<"scatter_add", [DeclareOpInterfaceMethods<CostOpInterface>, AttrSizedOperandSegments]> {
  let summary = "the adjoint: sums x at the indices, in the order of x's elements, into zeros or `from` what was there [acc_type]";
  let arguments = (ins Burin_Tensor:$x, Variadic<Burin_Tensor>:$indices, Optional<Burin_Tensor>:$acc, StrArrayAttr:$at);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$x `[` $indices `]` `at` $at (`from` $acc^)? attr-dict `:` functional-type(operands, $y)";
  let hasVerifier = 1;
}
def ScatterOp : Burin_LinearOp<"scatter", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "writes x at the indices, in the order of x's elements, over what was there: the last write wins [acc_type]";
  let arguments = (ins Burin_Tensor:$x, Variadic<Burin_Tensor>:$indices, Burin_Tensor:$acc, StrArrayAttr:$at);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$x `[` $indices `]` `at` $at `into` $acc attr-dict `:` functional-type(operands, $y)";
  let hasVerifier = 1;
}
#endif
