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
def ScatterAddOp : Burin_LinearOp<"scatter_add", [DeclareOpInterfaceMethods<CostOpInterface>]> {
  let summary = "the adjoint: sums x into zeros of the result's type at the indices, in the order of x's elements";
  let arguments = (ins Burin_Tensor:$x, Variadic<Burin_Tensor>:$indices, StrArrayAttr:$at);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$x `[` $indices `]` `at` $at attr-dict `:` functional-type(operands, $y)";
  let hasVerifier = 1;
}
#endif
