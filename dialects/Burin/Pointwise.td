// Pointwise ops: operands align by name, the result has the union of their axes [result_is_union, equal_extents].
// A record: mnemonic, number of operands, element rule, scalar body, partial derivatives (of x0, x1 … and the result y).
#ifndef BURIN_POINTWISE
#define BURIN_POINTWISE
include "dialects/Burin/Base.td"

class Bind<int n, string get> {
  string s = !interleave(!foreach(i, !range(n), "[[maybe_unused]] auto x" # i # " = " # get # "(" # i # ");"), " ");
}

class Burin_Pointwise<string mnemonic, int n, string rule, string body, list<string> partials, list<Trait> traits = []>
    : Burin_PureOp<mnemonic, !listconcat(traits, [DeclareOpInterfaceMethods<PointwiseOpInterface>],
                     !if(!empty(partials), [NonDifferentiable], [DeclareOpInterfaceMethods<DifferentiableOpInterface>]))> {
  let arguments = (ins Variadic<Burin_Tensor>:$x);
  let results = (outs Burin_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` functional-type($x, $y)";
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::mlir::ValueRange":$x), [{
    build($_builder, $_state, ::burin::inferPointwise(::burin::ElementRule::}] # rule # [{, x), x);
  }]>];
  let extraClassDefinition = [{
    ::mlir::LogicalResult $cppClass::verify() {
      return ::burin::verifyPointwise(*this, }] # n # [{, ::burin::ElementRule::}] # rule # [{);
    }
    ::mlir::Operation *$cppClass::generate(::burin::Choices &c) {
      return ::burin::generatePointwise(c, getOperationName(), }] # n # [{, ::burin::ElementRule::}] # rule # [{);
    }
    ::mlir::Value $cppClass::scalar(::burin::ScalarBuilder &b, ::mlir::ValueRange v) {
      auto at = [&](unsigned i) { return v[i]; }; }] # Bind<n, "at">.s # [{
      return }] # body # [{;
    }
    ::mlir::Value $cppClass::partial(::burin::Rules &b, unsigned i) {
      [[maybe_unused]] auto at = [&](unsigned k) { return getX()[k]; }; }] # Bind<n, "at">.s # [{
      [[maybe_unused]] auto y = getY();
      switch (i) { }]
      # !interleave(!foreach(i, !range(!size(partials)), "case " # i # ": return " # partials[i] # ";"), " ") # [{ }
      return {};
    }
  }] # !if(!empty(partials), "", [{
    void $cppClass::cotangents(::burin::Rules &b, ::mlir::Value dy, ::llvm::ArrayRef<bool> wanted,
                               ::llvm::MutableArrayRef<::mlir::Value> dx) {
      ::burin::pointwiseCotangents(*this, b, dy, wanted, dx);
    }
  }]);
}

// Floats to the same float.
class Burin_Unary<string mnemonic, string body, string partial, list<Trait> traits = []>
    : Burin_Pointwise<mnemonic, 1, "Float", body, [partial], traits>;
// Floats or integers.
class Burin_Binary<string mnemonic, string body, list<string> partials, list<Trait> traits = []>
    : Burin_Pointwise<mnemonic, 2, "Number", body, partials, traits>;
class Burin_Compare<string mnemonic, string rule, list<Trait> traits = []>
    : Burin_Pointwise<mnemonic, 2, rule, "b." # mnemonic # "(x0, x1)", [], traits>;

def NegOp   : Burin_Pointwise<"neg", 1, "Number", "b.neg(x0)", ["b.constant(-1, y)"], [Exact]>;
def AbsOp   : Burin_Pointwise<"abs", 1, "Number", "b.abs(x0)", ["b.sign(x0)"], [Exact]>;  // 0 at 0
def SignOp  : Burin_Pointwise<"sign", 1, "Number", "b.sign(x0)", ["::mlir::Value()"], [Exact]>;
def FloorOp : Burin_Unary<"floor", "b.floor(x0)", "::mlir::Value()", [Exact]>;
def ExpOp   : Burin_Unary<"exp",  "b.exp(x0)",  "y">;
def LogOp   : Burin_Unary<"log",  "b.log(x0)",  "b.div(b.one(y), x0)">;
def SqrtOp  : Burin_Unary<"sqrt", "b.sqrt(x0)", "b.div(b.constant(0.5, y), y)">;
def TanhOp  : Burin_Unary<"tanh", "b.tanh(x0)", "b.sub(b.one(y), b.mul(y, y))">;
def SinOp   : Burin_Unary<"sin",  "b.sin(x0)",  "b.cos(x0)">;
def CosOp   : Burin_Unary<"cos",  "b.cos(x0)",  "b.neg(b.sin(x0))">;
def ErfOp   : Burin_Unary<"erf",  "b.erf(x0)",  "b.times(1.1283791670955126, b.exp(b.neg(b.mul(x0, x0))))">; // 2/sqrt(pi)

def AddOp : Burin_Binary<"add", "b.add(x0, x1)", ["b.one(y)", "b.one(y)"], [Commutative]>;
def SubOp : Burin_Binary<"sub", "b.sub(x0, x1)", ["b.one(y)", "b.constant(-1, y)"]>;
def MulOp : Burin_Binary<"mul", "b.mul(x0, x1)", ["x1", "x0"], [Commutative]>;
def DivOp : Burin_Binary<"div", "b.div(x0, x1)", ["b.div(b.one(y), x1)", "b.neg(b.div(y, x1))"]>;
def RemOp : Burin_Binary<"rem", "b.rem(x0, x1)", ["b.one(y)", "b.neg(b.floor(b.div(x0, x1)))"]>;
def PowOp : Burin_Pointwise<"pow", 2, "Floats", "b.pow(x0, x1)", ["b.powByBase(x0, x1)", "b.powByExponent(x0, y)"]>;
// On a tie the derivative goes to the second, so that max(x, 0) has derivative 0 at 0.
def MaxOp : Burin_Binary<"max", "b.max(x0, x1)", ["b.where(b.gt(x0, x1))", "b.where(b.le(x0, x1))"], [Commutative, Exact]>;
def MinOp : Burin_Binary<"min", "b.min(x0, x1)", ["b.where(b.lt(x0, x1))", "b.where(b.ge(x0, x1))"], [Commutative, Exact]>;

def EqOp : Burin_Compare<"eq", "Compare", [Commutative]>;
def NeOp : Burin_Compare<"ne", "Compare", [Commutative]>;
def LtOp : Burin_Compare<"lt", "Order">;
def LeOp : Burin_Compare<"le", "Order">;
def GtOp : Burin_Compare<"gt", "Order">;
def GeOp : Burin_Compare<"ge", "Order">;

def AndOp : Burin_Pointwise<"and", 2, "Bool", "b.logicalAnd(x0, x1)", [], [Commutative]>;
def OrOp  : Burin_Pointwise<"or", 2, "Bool", "b.logicalOr(x0, x1)", [], [Commutative]>;
def NotOp : Burin_Pointwise<"not", 1, "Bool", "b.logicalNot(x0)", []>;

def SelectOp : Burin_Pointwise<"select", 3, "Select", "b.select(x0, x1, x2)",
                               ["::mlir::Value()", "b.where(x0)", "b.where(b.logicalNot(x0))"], [Exact]>;
// Between floats the derivative passes; to or from anything else it is zero.
def CastOp : Burin_Pointwise<"cast", 1, "Any", "::burin::castElement(b, x0, getY().getType().getElement())", ["b.castPartial(x0, y)"]>;
// The place of x under a bijection of [0, n) chosen by the key.
def ShuffleOp : Burin_Pointwise<"shuffle", 3, "Wide", "b.shuffle(x0, x1, x2)", []>;
// What `random` gives for the element of this number.
def RandomAtOp : Burin_Pointwise<"random_at", 2, "Draw", "b.uniform(x0, x1)", []>;
// An identity whose derivative is zero.
def StopOp : Burin_Pointwise<"stop", 1, "Same", "x0", ["::mlir::Value()"], [Exact]>;
#endif
