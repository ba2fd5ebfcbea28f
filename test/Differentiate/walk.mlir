// What the walk back visits, and in which order it adds.
// RUN: %burin-opt %s --differentiate | FileCheck %s

// Only what lies between the operand and the loss: nothing for the captured %c, for the comparison, or beside the loss.
// CHECK-LABEL: func.func @path
// CHECK-NOT: burin.grad
// CHECK: %[[Y:.*]] = burin.mul %arg0, %arg1
// CHECK-NEXT: %[[UNUSED:.*]] = burin.exp %[[Y]]
// CHECK-NEXT: %[[ONE:.*]] = burin.constant dense<1.000000e+00>
// CHECK-NEXT: %[[DX:.*]] = burin.mul %[[ONE]], %arg1
// CHECK-NEXT: return %[[Y]], %[[DX]], %[[UNUSED]]
func.func @path(%x: !burin.tensor<f32>, %c: !burin.tensor<f32>) -> (!burin.tensor<f32>, !burin.tensor<f32>, !burin.tensor<f32>) {
  %l:3 = burin.grad (%a = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>, !burin.tensor<f32>) {
    %y = burin.mul %a, %c : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    %e = burin.exp %y : (!burin.tensor<f32>) -> !burin.tensor<f32>
    burin.yield %y, %e : !burin.tensor<f32>, !burin.tensor<f32>
  }
  func.return %l#0, %l#1, %l#2 : !burin.tensor<f32>, !burin.tensor<f32>, !burin.tensor<f32>
}

// A captured value is a constant even when it is what is differentiated.
// CHECK-LABEL: func.func @captured
// CHECK: %[[Y:.*]] = burin.mul %arg0, %arg0
// CHECK: %[[DX:.*]] = burin.mul %{{.*}}, %arg0
// CHECK-NOT: burin.add
// CHECK: return %[[DX]]
func.func @captured(%x: !burin.tensor<f32>) -> !burin.tensor<f32> {
  %l:2 = burin.grad (%a = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    %y = burin.mul %a, %x : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    burin.yield %y : !burin.tensor<f32>
  }
  func.return %l#1 : !burin.tensor<f32>
}

// Three uses: the last use's cotangent comes first in the sum.
// CHECK-LABEL: func.func @uses
// CHECK: burin.sin %arg0
// CHECK: %[[COS:.*]] = burin.cos %arg0
// CHECK: %[[FIRST:.*]] = burin.mul %{{.*}}, %[[COS]]
// CHECK: %[[SECOND:.*]] = burin.mul %{{.*}}, %{{.*}}
// CHECK-NEXT: burin.add %[[FIRST]], %[[SECOND]]
func.func @uses(%x: !burin.tensor<f32>) -> !burin.tensor<f32> {
  %l:2 = burin.grad (%a = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    %e = burin.exp %a : (!burin.tensor<f32>) -> !burin.tensor<f32>
    %s = burin.sin %a : (!burin.tensor<f32>) -> !burin.tensor<f32>
    %y = burin.add %e, %s : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    burin.yield %y : !burin.tensor<f32>
  }
  func.return %l#1 : !burin.tensor<f32>
}

// An operand that lacks axes gets the sum over them; the cotangent has the operand's type.
// CHECK-LABEL: func.func @bias
// CHECK: burin.reduce "sum" %{{.*}} over ["batch"] : (!burin.tensor<f32[batch 8, h 4]>) -> !burin.tensor<f32[h 4]>
func.func @bias(%b: !burin.tensor<f32[h 4]>, %x: !burin.tensor<f32[batch 8, h 4]>) -> !burin.tensor<f32[h 4]> {
  %l:2 = burin.grad (%a = %b) : !burin.tensor<f32[h 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[h 4]>) {
    %y = burin.add %x, %a : (!burin.tensor<f32[batch 8, h 4]>, !burin.tensor<f32[h 4]>) -> !burin.tensor<f32[batch 8, h 4]>
    %s = burin.reduce "sum" %y over ["batch", "h"] : (!burin.tensor<f32[batch 8, h 4]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  func.return %l#1 : !burin.tensor<f32[h 4]>
}

// What the loss does not depend on has the gradient 0; stop cuts, and is gone.
// CHECK-LABEL: func.func @stopped
// CHECK-NOT: burin.stop
// CHECK: %[[ZERO:.*]] = burin.constant dense<0.000000e+00> : !burin.tensor<f32>
// CHECK-NEXT: %[[ZEROS:.*]] = burin.broadcast %[[ZERO]]
// CHECK-NEXT: return %[[ZEROS]]
func.func @stopped(%x: !burin.tensor<f32[h 4]>) -> !burin.tensor<f32[h 4]> {
  %l:2 = burin.grad (%a = %x) : !burin.tensor<f32[h 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[h 4]>) {
    %s = burin.stop %a : (!burin.tensor<f32[h 4]>) -> !burin.tensor<f32[h 4]>
    %y = burin.reduce "sum" %s over ["h"] : (!burin.tensor<f32[h 4]>) -> !burin.tensor<f32>
    burin.yield %y : !burin.tensor<f32>
  }
  func.return %l#1 : !burin.tensor<f32[h 4]>
}

// Under mapping each lane has a loss and a 1 of its own.
// CHECK-LABEL: func.func @mapped
// CHECK: burin.broadcast %{{.*}} : (!burin.tensor<f32>) -> !burin.tensor<f32[env 3]>
func.func @mapped(%x: !burin.tensor<f32[env 3, h 4]>) -> !burin.tensor<f32[env 3, h 4]> {
  %l:2 = burin.grad (%a = %x) : !burin.tensor<f32[env 3, h 4]> -> (!burin.tensor<f32[env 3]>, !burin.tensor<f32[env 3, h 4]>) {
    %y = burin.reduce "sum" %a over ["h"] : (!burin.tensor<f32[env 3, h 4]>) -> !burin.tensor<f32[env 3]>
    burin.yield %y : !burin.tensor<f32[env 3]>
  }
  func.return %l#1 : !burin.tensor<f32[env 3, h 4]>
}
