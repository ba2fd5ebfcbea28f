// burin.neg changes the sign, also of zeros; on integers it wraps.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.neg %{{.*}} : (!burin.tensor<f32[i 5]>) -> !burin.tensor<f32[i 5]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.0, 0.0, 0x7F800000, 0x7FC00000]> : !burin.tensor<f32[i 5]>
  %y = burin.neg %x : (!burin.tensor<f32[i 5]>) -> !burin.tensor<f32[i 5]>
  %expected = burin.constant dense<[-1.5, 2.0, -0.0, 0xFF800000, 0x7FC00000]> : !burin.tensor<f32[i 5]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 5]>
  task.return
}

task.task @double(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.0, 0.0, 0x7FF0000000000000, 0x7FF8000000000000]> : !burin.tensor<f64[i 5]>
  %y = burin.neg %x : (!burin.tensor<f64[i 5]>) -> !burin.tensor<f64[i 5]>
  %expected = burin.constant dense<[-1.5, 2.0, -0.0, 0xFFF0000000000000, 0x7FF8000000000000]> : !burin.tensor<f64[i 5]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f64[i 5]>
  task.return
}

task.task @integers(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[5, -7, -2147483648]> : !burin.tensor<i32[i 3]>
  %y = burin.neg %x : (!burin.tensor<i32[i 3]>) -> !burin.tensor<i32[i 3]>
  %expected = burin.constant dense<[-5, 7, -2147483648]> : !burin.tensor<i32[i 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i32[i 3]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.0, 0.0]> : !burin.tensor<f32[i 3]>
  %w = burin.constant dense<[1.0, -2.0, 3.0]> : !burin.tensor<f32[i 3]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>) {
    %y = burin.neg %px : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %ex = burin.constant dense<[-1.0, 2.0, -3.0]> : !burin.tensor<f32[i 3]>
  task.expect %dx, %ex tolerance 1.0e-06 : !burin.tensor<f32[i 3]>
  task.return
}

// -----

func.func private @element_rule(%x: !burin.tensor<i1>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.neg %x : (!burin.tensor<i1>) -> !burin.tensor<i1>
  return
}

// -----

func.func private @operands(%x: !burin.tensor<f32>) {
  // expected-error @below {{takes}}
  %y = burin.neg %x, %x : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @result_is_union(%x: !burin.tensor<f32[i 2]>) {
  // expected-error @below {{[result_is_union]}}
  %y = burin.neg %x : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
  return
}
