// burin.tanh, to -1 and 1.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.tanh %{{.*}} : (!burin.tensor<f32[i 9]>) -> !burin.tensor<f32[i 9]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.0, 0.5, -0.5, 9.99999975e-05, 3.0, -20.0, 100.0, 0x7F800000, 0x7FC00000]> : !burin.tensor<f32[i 9]>
  %y = burin.tanh %x : (!burin.tensor<f32[i 9]>) -> !burin.tensor<f32[i 9]>
  %expected = burin.constant dense<[0.0, 0.462117165, -0.462117165, 9.99999975e-05, 0.995054781, -1.0, 1.0, 1.0, 0x7FC00000]> : !burin.tensor<f32[i 9]>
  task.expect %y, %expected tolerance 1.0e-06 : !burin.tensor<f32[i 9]>
  task.return
}

task.task @double(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.0, 0.5, -0.5, 9.999999747378752e-05, 3.0, -20.0, 100.0, 0x7FF0000000000000, 0x7FF8000000000000]> : !burin.tensor<f64[i 9]>
  %y = burin.tanh %x : (!burin.tensor<f64[i 9]>) -> !burin.tensor<f64[i 9]>
  %expected = burin.constant dense<[0.0, 0.46211715726000974, -0.46211715726000974, 9.999999714045421e-05, 0.9950547536867305, -1.0, 1.0, 1.0, 0x7FF8000000000000]> : !burin.tensor<f64[i 9]>
  task.expect %y, %expected tolerance 1.0e-15 : !burin.tensor<f64[i 9]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.0, 0.5, -1.25]> : !burin.tensor<f32[i 3]>
  %w = burin.constant dense<[1.0, -2.0, 3.0]> : !burin.tensor<f32[i 3]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>) {
    %y = burin.tanh %px : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %ex = burin.constant dense<[1.0, -1.57289547, 0.841244599]> : !burin.tensor<f32[i 3]>
  task.expect %dx, %ex tolerance 1.0e-06 : !burin.tensor<f32[i 3]>
  task.return
}

// -----

func.func private @element_rule(%x: !burin.tensor<i32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.tanh %x : (!burin.tensor<i32>) -> !burin.tensor<i32>
  return
}

// -----

func.func private @operands(%x: !burin.tensor<f32>) {
  // expected-error @below {{takes}}
  %y = burin.tanh %x, %x : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @result_is_union(%x: !burin.tensor<f32[i 2]>) {
  // expected-error @below {{[result_is_union]}}
  %y = burin.tanh %x : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
  return
}
