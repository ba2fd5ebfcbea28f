// burin.broadcast: the same values with more axes; also another order of axes.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.broadcast %{{.*}} : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32[j 3, i 2]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.0]> : !burin.tensor<f32[i 2]>
  %y = burin.broadcast %x : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32[j 3, i 2]>
  %expected = burin.constant dense<[[1.5, -2.0], [1.5, -2.0], [1.5, -2.0]]> : !burin.tensor<f32[j 3, i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[j 3, i 2]>
  task.return
}

task.task @transpose(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1, 2, 3], [4, 5, 6]]> : !burin.tensor<i32[i 2, j 3]>
  %y = burin.broadcast %x : (!burin.tensor<i32[i 2, j 3]>) -> !burin.tensor<i32[j 3, i 2]>
  %expected = burin.constant dense<[[1, 4], [2, 5], [3, 6]]> : !burin.tensor<i32[j 3, i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i32[j 3, i 2]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.0]> : !burin.tensor<f32[i 2]>
  %w = burin.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : !burin.tensor<f32[j 3, i 2]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 2]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 2]>) {
    %y = burin.broadcast %px : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32[j 3, i 2]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[j 3, i 2]>, !burin.tensor<f32[j 3, i 2]>) -> !burin.tensor<f32[j 3, i 2]>
    %s = burin.reduce "sum" %z over ["i", "j"] : (!burin.tensor<f32[j 3, i 2]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[9.0, 12.0]> : !burin.tensor<f32[i 2]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[i 2]>
  task.return
}

// -----

func.func private @broadcast_adds(%x: !burin.tensor<f32[j 3, i 2]>) {
  // expected-error @below {{[broadcast_adds]}}
  %y = burin.broadcast %x : (!burin.tensor<f32[j 3, i 2]>) -> !burin.tensor<f32[i 2]>
  return
}

// -----

func.func private @broadcast_adds(%x: !burin.tensor<f32[i 2]>) {
  // expected-error @below {{[broadcast_adds]}}
  %y = burin.broadcast %x : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 3]>
  return
}

// -----

func.func private @broadcast_adds(%x: !burin.tensor<f32[i 2]>) {
  // expected-error @below {{[broadcast_adds]}}
  %y = burin.broadcast %x : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f64[i 2]>
  return
}
