// The task dialect: what a program has besides formulas. Task.md says why.
#ifndef TASK_DIALECT
#define TASK_DIALECT
include "dialects/Burin/Base.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/Interfaces/FunctionInterfaces.td"

def Task_Dialect : Dialect {
  let name = "task";
  let cppNamespace = "::burin::task";
  let summary = "programs: storage that lives on, data, what users call, output";
}
class Task_Op<string mnemonic, list<Trait> traits = []> : Op<Task_Dialect, mnemonic, traits>;

def State : Resource<"::burin::task::State">;   // slots
def Output : Resource<"::burin::task::Output">; // records, files

def AxisOp : Task_Op<"axis"> {
  let summary = "an axis as the user knows it: `task.axis \"push\" 2 [\"left\", \"right\"]`; extent -1 for a data set's";
  let description = "No symbol: types name axes, and an axis of a model may be named as a task is.";
  let arguments = (ins StrAttr:$name, I64Attr:$extent, OptionalAttr<StrArrayAttr>:$labels);
  let assemblyFormat = "$name $extent ($labels^)? attr-dict";
}
def DataOp : Task_Op<"data", [Symbol]> {
  let summary = "a data set: `task.data @digits \"csv\" \"data/digits.csv\" fields [{…}] parts [{…}]`";
  let description = "fields: name, type (a row's raw values), first, count; parts: name, axis, share (below 0: so many rows), rest; of a condition `where`, its steps.";
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$reader, StrAttr:$path, ArrayAttr:$fields, ArrayAttr:$parts);
  let assemblyFormat = "$sym_name $reader $path `fields` $fields `parts` $parts attr-dict";
  let extraClassDeclaration = [{
    unsigned partNumber(::llvm::StringRef name);
    unsigned fieldNumber(::llvm::StringRef name);
  }];
}
def SlotOp : Task_Op<"slot", [Symbol]> {
  let summary = "persistent storage: `task.slot @net.inner.w \"parameter\" : T`; kinds parameter, state, optimiser, local";
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$kind, TypeAttr:$type);
  let assemblyFormat = "$sym_name $kind `:` $type attr-dict";
}

def TaskOp : Task_Op<"task", [IsolatedFromAbove, FunctionOpInterface, AffineScope, AutomaticAllocationScope]> {
  let summary = "what a user calls: its first argument is the seed, the others its options";
  let description = "`options`: an array of {name, default?}. `result_names`: of several results, one for each [result_names]. `result_lengths`: of each result, for each of its axes or for none, the number of the value that is its length for each index of the axes before it, or -1; these values stand behind the results. With `initialise` it sets every slot's first value instead.";
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type, OptionalAttr<ArrayAttr>:$options,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs, UnitAttr:$initialise, OptionalAttr<StrArrayAttr>:$result_names,
                       OptionalAttr<ArrayAttr>:$result_lengths);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    ::mlir::Block &block() { return getBody().front(); }
    /// Without those that are lengths of others.
    unsigned resultCount() { return unsigned(getResultLengths() ? getResultLengths()->size() : getResultTypes().size()); }
  }];
  let skipDefaultBuilders = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::FunctionType":$type)>];
}
def ReturnOp : Task_Op<"return", [Pure, HasParent<"TaskOp">, Terminator, ReturnLike]> {
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
  let builders = [OpBuilder<(ins), "build($_builder, $_state, ::mlir::ValueRange());">];
}

def RequireOp : Task_Op<"require"> {
  let summary = "the most memory that a task may use by its plan: `task.require @train memory 8388608`, in bytes";
  let arguments = (ins FlatSymbolRefAttr:$task, UI64Attr:$bytes);
  let assemblyFormat = "$task `memory` $bytes attr-dict";
}

def GetOp : Task_Op<"get", [MemoryEffects<[MemRead<State>]>]> {
  let summary = "a slot's value";
  let arguments = (ins FlatSymbolRefAttr:$slot);
  let results = (outs Burin_Tensor:$value);
  let assemblyFormat = "$slot attr-dict `:` type($value)";
}
def SetOp : Task_Op<"set", [MemoryEffects<[MemWrite<State>]>]> {
  let arguments = (ins FlatSymbolRefAttr:$slot, Burin_Tensor:$value);
  let assemblyFormat = "$slot `,` $value attr-dict `:` type($value)";
}
def RowsOp : Task_Op<"rows", [Pure]> {
  let summary = "rows of a part of a data set, known when the program runs";
  let arguments = (ins FlatSymbolRefAttr:$data, StrAttr:$part);
  let results = (outs Burin_I64Scalar:$count);
  let assemblyFormat = "$data $part attr-dict `:` type($count)";
}
def ColumnOp : Task_Op<"column", [Pure]> {
  let summary = "raw values of a field: `task.column @digits \"train\" \"image\" : T`";
  let arguments = (ins FlatSymbolRefAttr:$data, StrAttr:$part, StrAttr:$field);
  let results = (outs Burin_Tensor:$values);
  let assemblyFormat = "$data $part $field attr-dict `:` type($values)";
}
def RecordOp : Task_Op<"record", [MemoryEffects<[MemWrite<Output>]>]> {
  let arguments = (ins StrAttr:$name, Burin_Tensor:$value);
  let assemblyFormat = "$name `,` $value attr-dict `:` type($value)";
}
def SaveOp : Task_Op<"save", [MemoryEffects<[MemRead<State>, MemWrite<Output>]>]> {
  let summary = "writes slots into a file under names; after PromoteState their values are operands";
  let arguments = (ins StrAttr:$path, ArrayAttr:$slots, StrArrayAttr:$names, Variadic<Burin_Tensor>:$values);
  let assemblyFormat = "$path $slots `names` $names (`values` `(` $values^ `:` type($values) `)`)? attr-dict";
}
def LoadOp : Task_Op<"load", [MemoryEffects<[MemWrite<State>, MemWrite<Output>]>]> {
  let summary = "reads slots from a file; after PromoteState their values are results";
  let arguments = (ins StrAttr:$path, ArrayAttr:$slots, StrArrayAttr:$names);
  let results = (outs Variadic<Burin_Tensor>:$values);
  let assemblyFormat = "$path $slots `names` $names attr-dict (`->` type($values)^)?";
}
def WriteOp : Task_Op<"write", [AttrSizedOperandSegments, MemoryEffects<[MemWrite<Output>]>]> {
  let summary = "writes a value into a file, an array, a picture or a plot by its name: `task.write \"a.png\", %v joined [2, 2]`";
  let description = "`joined`: how many of the value's axes each axis of the file is the product of, in order, row-major. `points`: a plot's last axis has the two coordinates of each point; the [labels], along all other axes, say its kind. `present`: for each axis of the value, or for none, the number of the length that says how much of it is present for each index of the axes before it, or -1. `rows`, after TileSets: the value is a tile of a set; the number of its first row, and of all.";
  let arguments = (ins StrAttr:$path, Burin_Tensor:$value, Optional<Burin_Tensor>:$labels, Variadic<Burin_Tensor>:$lengths,
                       Variadic<Burin_I64Scalar>:$rows, DenseI64ArrayAttr:$joined, OptionalAttr<DenseI64ArrayAttr>:$present, UnitAttr:$points);
  let assemblyFormat = "$path `,` $value (`points` $points^)? (`by` $labels^ `:` type($labels))? (`present` $present^ `(` $lengths `:` type($lengths) `)`)? (`rows` `(` $rows^ `:` type($rows) `)`)? `joined` $joined attr-dict `:` type($value)";
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::StringAttr":$path, "::mlir::Value":$value, "::llvm::ArrayRef<int64_t>":$joined), [{
    build($_builder, $_state, path, value, ::mlir::Value(), ::mlir::ValueRange(), ::mlir::ValueRange(), joined, ::mlir::DenseI64ArrayAttr(), false);
  }]>];
}
def ExpectOp : Task_Op<"expect", [AllTypesMatch<["found", "expected"]>, MemoryEffects<[MemWrite<Output>]>]> {
  let summary = "tests: fails the program where two values differ by more than a relative tolerance";
  let arguments = (ins Burin_Tensor:$found, Burin_Tensor:$expected, F64Attr:$tolerance);
  let assemblyFormat = "$found `,` $expected `tolerance` $tolerance attr-dict `:` type($found)";
}
def AssertOp : Task_Op<"assert", [MemoryEffects<[MemWrite<Output>]>]> {
  let summary = "ends the program with an error where a condition does not hold: `task.assert \"x > 1\", %holds`";
  let description = "`text` is the condition as written. [sides] of a comparison: its two sides and, as `sign`, what stands between them.";
  let arguments = (ins StrAttr:$text, Burin_Tensor:$condition, Variadic<Burin_Tensor>:$sides, OptionalAttr<StrAttr>:$sign);
  let assemblyFormat = "$text `,` $condition (`sides` `(` $sides^ `:` type($sides) `)` $sign)? attr-dict `:` type($condition)";
  let hasVerifier = 1;
}
def CheckOp : Task_Op<"check", [MemoryEffects<[MemWrite<Output>]>]> {
  let summary = "ends the run with an error at the user's line unless a bool holds: `task.check %holds \"E0258\" \"…\" help \"…\"`";
  let arguments = (ins Burin_BoolScalar:$holds, StrAttr:$code, StrAttr:$message, StrAttr:$help);
  let assemblyFormat = "$holds $code $message `help` $help attr-dict `:` type($holds)";
}
def GradcheckOp : Task_Op<"gradcheck", [MemoryEffects<[MemWrite<Output>]>]> {
  let summary = "holds gradients against the loss whose they are; the interpreter does, compiled programs have none";
  let description = "At the graph stage the loss is a result of the `burin.grad` that is looked into. `names`: of what the gradients are by.";
  let arguments = (ins Burin_Tensor:$loss, Variadic<Burin_Tensor>:$gradients, StrArrayAttr:$names);
  let assemblyFormat = "$loss `by` $names `(` $gradients `:` type($gradients) `)` attr-dict `:` type($loss)";
}
def LaunchOp : Task_Op<"launch", [Pure]> {
  let summary = "call of a kernel, a private function";
  let arguments = (ins FlatSymbolRefAttr:$kernel, Variadic<Burin_Tensor>:$inputs);
  let results = (outs Variadic<Burin_Tensor>:$results);
  let assemblyFormat = "$kernel `(` $inputs `)` attr-dict `:` functional-type($inputs, $results)";
}
#endif
