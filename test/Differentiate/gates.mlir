// What is selected away is not looked at: products with partial derivatives are masked by the bool that selects. Axes that a value lacks are
// reduced by `any`; an op that moves elements leaves no more than that.
// RUN: %burin-opt %s --differentiate | FileCheck %s
!x = !burin.tensor<f32[a 3]>
!xy = !burin.tensor<f32[a 3, b 4]>

// CHECK-LABEL: func.func @taken
// CHECK: %[[C:.*]] = burin.gt %arg0
// CHECK: %[[LOG:.*]] = burin.log %arg0
// CHECK: burin.select %[[C]], %[[LOG]]
// CHECK: %[[BACK:.*]] = burin.mul %{{.*}}, %{{.*}} : {{.*}} -> !burin.tensor<f32[a 3]>
// CHECK: burin.select %[[C]], %[[BACK]], %{{.*}}
func.func @taken(%x: !x) -> !x {
  %zero = burin.constant dense<0.0> : !burin.tensor<f32>
  %l, %g = burin.grad (%v = %x) : !x -> (!burin.tensor<f32>, !x) {
    %c = burin.gt %x, %zero : (!x, !burin.tensor<f32>) -> !burin.tensor<i1[a 3]>
    %y = burin.log %v : (!x) -> !x
    %z = burin.select %c, %y, %zero : (!burin.tensor<i1[a 3]>, !x, !burin.tensor<f32>) -> !x
    %s = burin.reduce "sum" %z over ["a"] : (!x) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  func.return %g : !x
}

// Used elsewhere, too, it is taken there.
// CHECK-LABEL: func.func @elsewhere
// CHECK: burin.mul
// CHECK-NOT: burin.select %{{.*}}, %{{.*}}, %{{.*}} : (!burin.tensor<i1[a 3]>, !burin.tensor<f32[a 3]>, !burin.tensor<f32>)
// CHECK: return
func.func @elsewhere(%x: !x, %c: !burin.tensor<i1[a 3]>) -> !x {
  %l, %g = burin.grad (%v = %x) : !x -> (!burin.tensor<f32>, !x) {
    %y = burin.log %v : (!x) -> !x
    %z = burin.select %c, %y, %x : (!burin.tensor<i1[a 3]>, !x, !x) -> !x
    %w = burin.add %z, %y : (!x, !x) -> !x
    %s = burin.reduce "sum" %w over ["a"] : (!x) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  func.return %g : !x
}

// The condition goes along `b`, which the op lacks: it is taken if it is anywhere. The other side is taken where it does not hold.
// CHECK-LABEL: func.func @along
// CHECK: burin.reduce "sum" %{{.*}} over ["b"]
// CHECK: %[[NOT:.*]] = burin.not %arg1 {{.*}}
// CHECK-NEXT: %[[ANY:.*]] = burin.reduce "any" %[[NOT]] over ["b"]
// CHECK: burin.select %[[ANY]], %{{.*}} : (!burin.tensor<i1[a 3]>, !burin.tensor<f32[a 3]>, !burin.tensor<f32>)
func.func @along(%x: !x, %c: !burin.tensor<i1[a 3, b 4]>) -> !x {
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %l, %g = burin.grad (%v = %x) : !x -> (!burin.tensor<f32>, !x) {
    %y = burin.sqrt %v : (!x) -> !x
    %z = burin.select %c, %one, %y : (!burin.tensor<i1[a 3, b 4]>, !burin.tensor<f32>, !x) -> !xy
    %s = burin.reduce "sum" %z over ["a", "b"] : (!xy) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  func.return %g : !x
}

// An index takes elements elsewhere, under the same name of an axis.
// CHECK-LABEL: func.func @moved
// CHECK: %[[ANY:.*]] = burin.reduce "any" %arg1 over ["a"]
// CHECK: burin.select %[[ANY]], %{{.*}} : (!burin.tensor<i1>, !burin.tensor<f32[a 3]>, !burin.tensor<f32>)
func.func @moved(%x: !x, %c: !burin.tensor<i1[a 3]>, %i: !burin.tensor<!burin.index<a 3>[a 3]>) -> !x {
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %l, %g = burin.grad (%v = %x) : !x -> (!burin.tensor<f32>, !x) {
    %y = burin.exp %v : (!x) -> !x
    %p = burin.gather %y[%i] at ["a"] : (!x, !burin.tensor<!burin.index<a 3>[a 3]>) -> !x
    %z = burin.select %c, %p, %one : (!burin.tensor<i1[a 3]>, !x, !burin.tensor<f32>) -> !x
    %s = burin.reduce "sum" %z over ["a"] : (!x) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  func.return %g : !x
}

// By a number of the text nothing is masked.
// CHECK-LABEL: func.func @scaled
// CHECK: %[[BACK:.*]] = burin.mul %{{.*}} : {{.*}} -> !burin.tensor<f32[a 3]>
// CHECK-NEXT: return %[[BACK]]
func.func @scaled(%x: !x, %c: !burin.tensor<i1[a 3]>) -> !x {
  %n = burin.constant dense<16.0> : !burin.tensor<f32>
  %l, %g = burin.grad (%v = %x) : !x -> (!burin.tensor<f32>, !x) {
    %r = burin.sqrt %n : (!burin.tensor<f32>) -> !burin.tensor<f32>
    %y = burin.div %v, %r : (!x, !burin.tensor<f32>) -> !x
    %z = burin.select %c, %y, %x : (!burin.tensor<i1[a 3]>, !x, !x) -> !x
    %s = burin.reduce "sum" %z over ["a"] : (!x) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  func.return %g : !x
}
