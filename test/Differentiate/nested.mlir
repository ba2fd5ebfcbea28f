// Second derivatives: the inner gradient is ordinary IR to the outer one.
// RUN: %burin-opt %s --differentiate --simplify | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret -o /dev/null
// RUN: %burin-opt %s --graph-to-grad "--simplify=rounds=1" --interpret -o /dev/null

// d/dx of d/dx x^3 = 6 x
// CHECK-LABEL: func.func private @cube
// CHECK-NOT: burin.grad
// CHECK: return
func.func private @cube(%x: !burin.tensor<f32>) -> !burin.tensor<f32> {
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
// CHECK-LABEL: func.func private @penalty
// CHECK-NOT: burin.grad
// CHECK: return %{{.*}} : !burin.tensor<f32[h 4]>
func.func private @penalty(%w0: !burin.tensor<f32[h 4]>, %x0: !burin.tensor<f32[h 4]>) -> !burin.tensor<f32[h 4]> {
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

// d/dx of d/dx tanh x = -2 tanh x (1 - tanh^2 x)
func.func private @tanh(%x: !burin.tensor<f32>) -> !burin.tensor<f32> {
  %outer:2 = burin.grad (%a = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    %inner:2 = burin.grad (%b = %a) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
      %y = burin.tanh %b : (!burin.tensor<f32>) -> !burin.tensor<f32>
      burin.yield %y : !burin.tensor<f32>
    }
    burin.yield %inner#1 : !burin.tensor<f32>
  }
  func.return %outer#1 : !burin.tensor<f32>
}

// With w = (1, 2, 0, -1) / 4, x = (1, 1, 1, 1), p = w x = 1/2: the penalty is s^2 |w|^2 with s = 1 - tanh^2 p, its gradient
// 2 s^2 w - 4 s^2 tanh(p) |w|^2 x.
task.task @numbers(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.5> : !burin.tensor<f32>
  %cube = func.call @cube(%x) : (!burin.tensor<f32>) -> !burin.tensor<f32>
  %nine = burin.constant dense<9.0> : !burin.tensor<f32>
  task.expect %cube, %nine tolerance 1.0e-6 : !burin.tensor<f32>
  %half = burin.constant dense<0.5> : !burin.tensor<f32>
  %tanh = func.call @tanh(%half) : (!burin.tensor<f32>) -> !burin.tensor<f32>
  %expected = burin.constant dense<-0.726861981> : !burin.tensor<f32>
  task.expect %tanh, %expected tolerance 1.0e-6 : !burin.tensor<f32>
  %w = burin.constant dense<[0.25, 0.5, 0.0, -0.25]> : !burin.tensor<f32[h 4]>
  %ones = burin.constant dense<1.0> : !burin.tensor<f32[h 4]>
  %penalty = func.call @penalty(%w, %ones) : (!burin.tensor<f32[h 4]>, !burin.tensor<f32[h 4]>) -> !burin.tensor<f32[h 4]>
  %gradient = burin.constant dense<[-0.1194792, 0.189770819, -0.428729218, -0.737979236]> : !burin.tensor<f32[h 4]>
  task.expect %penalty, %gradient tolerance 1.0e-6 : !burin.tensor<f32[h 4]>
  task.return
}
