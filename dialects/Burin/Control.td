// Loops, and the scope of differentiation.
#ifndef BURIN_CONTROL
#define BURIN_CONTROL
include "dialects/Burin/Base.td"

def YieldOp : Burin_Op<"yield", [Pure, Terminator, ReturnLike]> {
  let summary = "the values of a region";
  let arguments = (ins Variadic<Burin_Tensor>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), "build($_builder, $_state, ::mlir::ValueRange());">];
}

def ForOp : Burin_GeneratableOp<"for", [SingleBlockImplicitTerminator<"YieldOp">, RecursiveMemoryEffects, RecursivelySpeculatable]> {
  let summary = "`%r = burin.for %i to %n carries(%a = %x) : T { … burin.yield %b : T }`";
  let description = [{
    The block's arguments: the counter, 0 to count, an i64 scalar; then the carried values [carried_types]. `name` is the user's loop
    variable, where it has one: such loops are seen by records and progress.
  }];
  let arguments = (ins Burin_I64Scalar:$count, Variadic<Burin_Tensor>:$inits, OptionalAttr<StrAttr>:$name);
  let results = (outs Variadic<Burin_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::BlockArgument getCounter() { return getBody().front().getArgument(0); }
    ::mlir::Block::BlockArgListType getCarried() { return getBody().front().getArguments().drop_front(); }
    YieldOp getYield();
  }];
}

def GradOp : Burin_GeneratableOp<"grad", [SingleBlock, RecursiveMemoryEffects]> {
  let summary = "the value of a block and its gradients";
  let description = [{
    The region's arguments are what is differentiated (the operands); what it captures is constant. It yields the loss, a float,
    and further values. Results: the loss, the gradients (types of what is differentiated), the further values [grad_results]. As
    imported it names slots instead (`over`), which PromoteState turns into operands.
  }];
  let arguments = (ins Variadic<Burin_Tensor>:$inputs, OptionalAttr<ArrayAttr>:$over);
  let results = (outs Variadic<Burin_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    YieldOp getYield();
    unsigned getGradientCount() { return getOver() ? getOver()->size() : getInputs().size(); }
  }];
}
#endif
