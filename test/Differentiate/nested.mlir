// Second derivatives: the inner gradient is ordinary IR to the outer one.
// RUN: %burin-opt %s --differentiate --simplify | FileCheck %s

// d/dx of d/dx x^3 = 6 x
// CHECK-LABEL: func.func @cube
// CHECK-NOT: burin.grad
// CHECK: return
func.func @cube(%x: !burin.tensor<f32>) -> !burin.tensor<f32> {
  %outer:2 = burin.grad (%a = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    %inner:2 = burin.grad (%b = %a) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
      %three = burin.constant dense<3.0> : !burin.tensor<f32>
      %y = burin.pow %b, %three : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
      burin.yield %y : !burin.tensor<f32>
    }
    burin.yield %inner#1 : !burin.tensor<f32>
  }
  func.return %outer#1 : !burin.tensor<f32>
}

// A penalty on the size of a gradient: the outer gradient goes through the inner contraction's transpose.
// CHECK-LABEL: func.func @penalty
// CHECK-NOT: burin.grad
// CHECK: return %{{.*}} : !burin.tensor<f32[h 4]>
func.func @penalty(%w0: !burin.tensor<f32[h 4]>, %x0: !burin.tensor<f32[h 4]>) -> !burin.tensor<f32[h 4]> {
  %outer:2 = burin.grad (%w = %w0) : !burin.tensor<f32[h 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[h 4]>) {
    %inner:2 = burin.grad (%x = %x0) : !burin.tensor<f32[h 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[h 4]>) {
      %p = burin.contract %w, %x over ["h"] : (!burin.tensor<f32[h 4]>, !burin.tensor<f32[h 4]>) -> !burin.tensor<f32>
      %y = burin.tanh %p : (!burin.tensor<f32>) -> !burin.tensor<f32>
      burin.yield %y : !burin.tensor<f32>
    }
    %square = burin.contract %inner#1, %inner#1 over ["h"] : (!burin.tensor<f32[h 4]>, !burin.tensor<f32[h 4]>) -> !burin.tensor<f32>
    burin.yield %square : !burin.tensor<f32>
  }
  func.return %outer#1 : !burin.tensor<f32[h 4]>
}
