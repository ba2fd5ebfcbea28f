// Selections by one bool around each other, in a loop: they are one gate, however often the way back goes through them.
// RUN: %burin-opt %s --differentiate | FileCheck %s
!x = !burin.tensor<f32[a 3]>
// CHECK-LABEL: func.func @often
// CHECK: burin.for
// CHECK: burin.for {{.*}} reverse
// CHECK: burin.select
// CHECK: return
func.func @often(%x: !x, %c: !burin.tensor<i1[a 3]>) -> !x {
  %n = burin.constant dense<9> : !burin.tensor<i64>
  %l, %g = burin.grad (%v = %x) : !x -> (!burin.tensor<f32>, !x) {
    %y = burin.for "t" %i to %n carries(%s = %v) : !x {
      %e = burin.exp %s : (!x) -> !x
      %p = burin.select %c, %e, %v : (!burin.tensor<i1[a 3]>, !x, !x) -> !x
      %q = burin.select %c, %p, %s : (!burin.tensor<i1[a 3]>, !x, !x) -> !x
      burin.yield %q : !x
    }
    %z = burin.select %c, %y, %x : (!burin.tensor<i1[a 3]>, !x, !x) -> !x
    %s = burin.reduce "sum" %z over ["a"] : (!x) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  func.return %g : !x
}
