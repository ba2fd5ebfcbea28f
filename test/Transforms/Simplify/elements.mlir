// Laws of elements.
// RUN: %burin-opt %s --simplify | FileCheck %s
!f = !burin.tensor<f32>
!v = !burin.tensor<f32[h 4]>
!b = !burin.tensor<i1[h 4]>
!t = !burin.tensor<i1>

// CHECK-LABEL: func.func @identities
// CHECK-NEXT: return %arg0, %arg0, %arg0, %arg0, %arg0, %arg0
func.func @identities(%x: !v) -> (!v, !v, !v, !v, !v, !v) {
  %one = burin.constant dense<1.0> : !f
  %zero = burin.constant dense<0.0> : !f
  %minusZero = burin.constant dense<-0.0> : !f
  %a = burin.mul %one, %x : (!f, !v) -> !v
  %b = burin.div %x, %one : (!v, !f) -> !v
  %c = burin.sub %x, %zero : (!v, !f) -> !v
  %d = burin.add %x, %minusZero : (!v, !f) -> !v
  %n = burin.neg %x : (!v) -> !v
  %e = burin.neg %n : (!v) -> !v
  %g = burin.pow %x, %one : (!v, !f) -> !v
  func.return %a, %b, %c, %d, %e, %g : !v, !v, !v, !v, !v, !v
}

// -0 + 0 is 0, so x + 0 is not x; and 0 * x is not 0 where x is infinite.
// CHECK-LABEL: func.func @notIdentities
// CHECK: burin.add
// CHECK: burin.sub
// CHECK: burin.mul
func.func @notIdentities(%x: !v) -> (!v, !v, !v) {
  %zero = burin.constant dense<0.0> : !f
  %a = burin.add %x, %zero : (!v, !f) -> !v
  %b = burin.sub %zero, %x : (!f, !v) -> !v
  %c = burin.mul %x, %zero : (!v, !f) -> !v
  func.return %a, %b, %c : !v, !v, !v
}

// CHECK-LABEL: func.func @signs
// CHECK-DAG: %[[NEG:.*]] = burin.neg %arg0
// CHECK-DAG: %[[SUB:.*]] = burin.sub %arg1, %arg0
// CHECK-DAG: %[[ADD:.*]] = burin.add %arg1, %arg0
// CHECK-DAG: %[[MUL:.*]] = burin.mul %arg0, %arg1
// CHECK-DAG: %[[NEGATED:.*]] = burin.neg %[[MUL]]
// CHECK: return %[[NEG]], %[[SUB]], %[[ADD]], %[[NEGATED]]
func.func @signs(%x: !v, %y: !v) -> (!v, !v, !v, !v) {
  %minus = burin.constant dense<-1.0> : !f
  %a = burin.mul %x, %minus : (!v, !f) -> !v
  %b = burin.add %a, %y : (!v, !v) -> !v
  %c = burin.sub %y, %a : (!v, !v) -> !v
  %d = burin.mul %a, %y : (!v, !v) -> !v
  func.return %a, %b, %c, %d : !v, !v, !v, !v
}

// By a power of two division is a product; by another number it is not.
// CHECK-LABEL: func.func @quotients
// CHECK-DAG: burin.constant dense<6.250000e-02>
// CHECK: %[[BY16:.*]] = burin.mul
// CHECK: %[[BY10:.*]] = burin.div
// CHECK: %[[RECIPROCAL:.*]] = burin.div %arg0, %arg1
// CHECK: return %[[BY16]], %[[BY10]], %[[RECIPROCAL]]
func.func @quotients(%x: !v, %y: !v) -> (!v, !v, !v) {
  %sixteen = burin.constant dense<16.0> : !f
  %ten = burin.constant dense<10.0> : !f
  %one = burin.constant dense<1.0> : !f
  %a = burin.div %x, %sixteen : (!v, !f) -> !v
  %b = burin.div %x, %ten : (!v, !f) -> !v
  %r = burin.div %one, %y : (!f, !v) -> !v
  %c = burin.mul %x, %r : (!v, !v) -> !v
  func.return %a, %b, %c : !v, !v, !v
}

// CHECK-LABEL: func.func @selections
// CHECK: %[[MASKED:.*]] = burin.select %arg0, %arg1, %{{.*}}
// CHECK: %[[SWAPPED:.*]] = burin.select %arg0, %arg2, %arg1
// CHECK: return %[[MASKED]], %[[SWAPPED]], %arg1, %[[MASKED]]
func.func @selections(%c: !b, %x: !v, %y: !v) -> (!v, !v, !v, !v) {
  %one = burin.constant dense<1.0> : !f
  %zero = burin.constant dense<0.0> : !f
  %true = burin.constant dense<true> : !burin.tensor<i1>
  %indicator = burin.select %c, %one, %zero : (!b, !f, !f) -> !v
  %masked = burin.mul %x, %indicator : (!v, !v) -> !v
  %not = burin.not %c : (!b) -> !b
  %swapped = burin.select %not, %x, %y : (!b, !v, !v) -> !v
  %known = burin.select %true, %x, %y : (!burin.tensor<i1>, !v, !v) -> !v
  %twice = burin.select %c, %masked, %zero : (!b, !v, !f) -> !v
  func.return %masked, %swapped, %known, %twice : !v, !v, !v, !v
}

// The derivative of relu asks about its argument.
// CHECK-LABEL: func.func @relu
// CHECK-NOT: burin.max
// CHECK: burin.gt %arg0
func.func @relu(%z: !v) -> !b {
  %zero = burin.constant dense<0.0> : !f
  %y = burin.max %z, %zero : (!v, !f) -> !v
  %c = burin.gt %y, %zero : (!v, !f) -> !b
  func.return %c : !b
}

// x^2 is x * x; x^3 stays.
// CHECK-LABEL: func.func @powers
// CHECK: %[[SQUARE:.*]] = burin.mul %arg0, %arg0
// CHECK: %[[CUBE:.*]] = burin.pow %arg0
// CHECK: return %[[SQUARE]], %[[CUBE]]
func.func @powers(%x: !v) -> (!v, !v) {
  %two = burin.constant dense<2.0> : !f
  %three = burin.constant dense<3.0> : !f
  %a = burin.pow %x, %two : (!v, !f) -> !v
  %b = burin.pow %x, %three : (!v, !f) -> !v
  func.return %a, %b : !v, !v
}

// Numbers are folded where the result is exact or rounded once; exp is the program's own.
// CHECK-LABEL: func.func @folds
// CHECK-DAG: %[[TENTH:.*]] = burin.constant dense<0.100000024>
// CHECK-DAG: %[[FLOORED:.*]] = burin.constant dense<-2> : !burin.tensor<i64>
// CHECK-DAG: %[[EXP:.*]] = burin.exp
// CHECK-DAG: %[[FLUSHED:.*]] = burin.constant dense<0.000000e+00>
// CHECK: return %[[TENTH]], %[[FLOORED]], %[[EXP]], %[[FLUSHED]]
func.func @folds() -> (!f, !burin.tensor<i64>, !f, !f) {
  %one = burin.constant dense<1.0> : !f
  %nine = burin.constant dense<0.9> : !f
  %tenth = burin.sub %one, %nine : (!f, !f) -> !f
  %minusThree = burin.constant dense<-3> : !burin.tensor<i64>
  %two = burin.constant dense<2> : !burin.tensor<i64>
  %floored = burin.div %minusThree, %two : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
  %exp = burin.exp %one : (!f) -> !f
  %small = burin.constant dense<1.0e-30> : !f
  %flushed = burin.mul %small, %small : (!f, !f) -> !f
  func.return %tenth, %floored, %exp, %flushed : !f, !burin.tensor<i64>, !f, !f
}

// What is known of a bool decides.
// CHECK-LABEL: func.func @known
// CHECK-DAG: %[[FALSE:.*]] = burin.constant dense<false>
// CHECK-DAG: %[[TRUE:.*]] = burin.constant dense<true>
// CHECK-NEXT: return %[[FALSE]], %[[TRUE]]
func.func @known(%c: !t) -> (!t, !t) {
  %true = burin.constant dense<true> : !t
  %false = burin.constant dense<false> : !t
  %a = burin.and %c, %false : (!t, !t) -> !t
  %b = burin.or %true, %c : (!t, !t) -> !t
  func.return %a, %b : !t, !t
}
