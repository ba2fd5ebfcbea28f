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

def ForOp : Burin_GeneratableOp<"for", [SingleBlockImplicitTerminator<"YieldOp">, RecursiveMemoryEffects, RecursivelySpeculatable,
                                        AttrSizedOperandSegments]> {
  let summary = "`%r, %e = burin.for %i to %n carries(%a = %x) : T over(%s = %xs) : Txs emits Te { … burin.yield %b, %y : T, Ty }`";
  let description = [{
    The block's arguments: the counter, 0 to count, or down from it if `reverse`, an i64 scalar; the carried values [carried_types];
    of each sequence the slice at the counter, without its first axis [slice_types]. It yields the next carried values, then one slice of
    each result that it emits, whose first axis the loop goes over [emit_types]. A loop with sequences or emits has a constant count, which
    is their extent [sequence_extent]. `name` is the user's loop variable, where it has one: such loops are seen by records and
    progress. With `while`, the first carried value is a bool, and no step begins once it is false; such a loop emits nothing
    [while_carries].
  }];
  let arguments = (ins Burin_I64Scalar:$count, Variadic<Burin_Tensor>:$inits, Variadic<Burin_Tensor>:$sequences,
                       OptionalAttr<StrAttr>:$name, UnitAttr:$reverse, UnitAttr:$stops);
  let results = (outs Variadic<Burin_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::TypeRange":$results, "::mlir::Value":$count, "::mlir::ValueRange":$inits,
                                 "::mlir::StringAttr":$name), "build($_builder, $_state, results, count, inits, {}, name, false, false);">];
  let extraClassDeclaration = [{
    ::mlir::BlockArgument getCounter() { return getBody().front().getArgument(0); }
    ::mlir::Block::BlockArgListType getCarried() { return getBody().front().getArguments().slice(1, getInits().size()); }
    ::mlir::Block::BlockArgListType getSlices() { return getBody().front().getArguments().drop_front(1 + getInits().size()); }
    /// What is carried, after the last iteration; what was emitted.
    ::mlir::ResultRange getFinals() { return getResults().take_front(getInits().size()); }
    ::mlir::ResultRange getEmits() { return getResults().drop_front(getInits().size()); }
    /// What one iteration yields of these.
    ::mlir::OperandRange getNext();
    ::mlir::OperandRange getEmitted();
    YieldOp getYield();
    /// The count, if it is a constant.
    std::optional<int64_t> constantCount();
  }];
}

def IfOp : Burin_GeneratableOp<"if", [RecursiveMemoryEffects, RecursivelySpeculatable]> {
  let summary = "`%r = burin.if %c -> T { … burin.yield %a : T } else { … burin.yield %b : T }`";
  let description = [{
    Only the branch that a bool without axes chooses is evaluated. Both yield values of the results' types [branch_types].
  }];
  let arguments = (ins Burin_BoolScalar:$condition);
  let results = (outs Variadic<Burin_Tensor>:$results);
  let regions = (region SizedRegion<1>:$thenRegion, SizedRegion<1>:$elseRegion);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::OperandRange getThen(); ///< what the branches yield
    ::mlir::OperandRange getElse();
  }];
}

def CustomGradientOp : Burin_GeneratableOp<"custom_gradient",
    [SingleBlock, RecursiveMemoryEffects, AllTypesMatch<["y", "result"]>]> {
  let summary = "`%r = burin.custom_gradient %y by %x : T by X { ^bb0(%d: T): … burin.yield %dx : X }`: y, with a gradient of its own";
  let description = [{
    The result is y. Its cotangent goes to the inputs as the region says, and not to y: the region's argument is the cotangent, and it
    yields that of each input, with the input's element and at least its axes, others are summed [custom_types].
  }];
  let arguments = (ins Burin_Tensor:$y, Variadic<Burin_Tensor>:$inputs);
  let results = (outs Burin_Tensor:$result);
  let regions = (region SizedRegion<1>:$gradient);
  let assemblyFormat = "$y `by` $inputs `:` type($y) `by` type($inputs) $gradient attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{ YieldOp getYield(); }];
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
