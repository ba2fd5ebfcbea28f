// burin.sin, also of large arguments.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.sin %{{.*}} : (!burin.tensor<f32[i 7]>) -> !burin.tensor<f32[i 7]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.0, 0.5, -3.0, 1.57079637, 1000.0, 0x7F800000, 0x7FC00000]> : !burin.tensor<f32[i 7]>
  %y = burin.sin %x : (!burin.tensor<f32[i 7]>) -> !burin.tensor<f32[i 7]>
  %expected = burin.constant dense<[0.0, 0.47942555, -0.141120002, 1.0, 0.826879561, 0x7FC00000, 0x7FC00000]> : !burin.tensor<f32[i 7]>
  task.expect %y, %expected tolerance 1.0e-06 : !burin.tensor<f32[i 7]>
  task.return
}

task.task @double(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.0, 0.5, -3.0, 1.5707963705062866, 1000.0, 0x7FF0000000000000, 0x7FF8000000000000]> : !burin.tensor<f64[i 7]>
  %y = burin.sin %x : (!burin.tensor<f64[i 7]>) -> !burin.tensor<f64[i 7]>
  %expected = burin.constant dense<[0.0, 0.479425538604203, -0.1411200080598672, 0.999999999999999, 0.8268795405320025, 0x7FF8000000000000, 0x7FF8000000000000]> : !burin.tensor<f64[i 7]>
  task.expect %y, %expected tolerance 1.0e-15 : !burin.tensor<f64[i 7]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.0, 0.5, -3.0]> : !burin.tensor<f32[i 3]>
  %w = burin.constant dense<[1.0, -2.0, 3.0]> : !burin.tensor<f32[i 3]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>) {
    %y = burin.sin %px : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %ex = burin.constant dense<[1.0, -1.75516512, -2.96997749]> : !burin.tensor<f32[i 3]>
  task.expect %dx, %ex tolerance 1.0e-06 : !burin.tensor<f32[i 3]>
  task.return
}

// -----

func.func private @element_rule(%x: !burin.tensor<i32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.sin %x : (!burin.tensor<i32>) -> !burin.tensor<i32>
  return
}

// -----

func.func private @operands(%x: !burin.tensor<f32>) {
  // expected-error @below {{takes}}
  %y = burin.sin %x, %x : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @result_is_union(%x: !burin.tensor<f32[i 2]>) {
  // expected-error @below {{[result_is_union]}}
  %y = burin.sin %x : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
  return
}
