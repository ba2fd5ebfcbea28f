// burin.log; -inf of 0, NaN of what is below.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.log %{{.*}} : (!burin.tensor<f32[i 8]>) -> !burin.tensor<f32[i 8]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.5, 0.125, 9.99999968e-21, 0.0, -1.0, 0x7F800000, 0x7FC00000]> : !burin.tensor<f32[i 8]>
  %y = burin.log %x : (!burin.tensor<f32[i 8]>) -> !burin.tensor<f32[i 8]>
  %expected = burin.constant dense<[0.0, 0.91629076, -2.07944155, -46.0517006, 0xFF800000, 0x7FC00000, 0x7F800000, 0x7FC00000]> : !burin.tensor<f32[i 8]>
  task.expect %y, %expected tolerance 1.0e-06 : !burin.tensor<f32[i 8]>
  task.return
}

task.task @double(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.5, 0.125, 9.999999682655225e-21, 0.0, -1.0, 0x7FF0000000000000, 0x7FF8000000000000]> : !burin.tensor<f64[i 8]>
  %y = burin.log %x : (!burin.tensor<f64[i 8]>) -> !burin.tensor<f64[i 8]>
  %expected = burin.constant dense<[0.0, 0.9162907318741551, -2.0794415416798357, -46.051701891615394, 0xFFF0000000000000, 0x7FF8000000000000, 0x7FF0000000000000, 0x7FF8000000000000]> : !burin.tensor<f64[i 8]>
  task.expect %y, %expected tolerance 1.0e-15 : !burin.tensor<f64[i 8]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 0.5, 4.0]> : !burin.tensor<f32[i 3]>
  %w = burin.constant dense<[1.0, -2.0, 3.0]> : !burin.tensor<f32[i 3]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>) {
    %y = burin.log %px : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %ex = burin.constant dense<[1.0, -4.0, 0.75]> : !burin.tensor<f32[i 3]>
  task.expect %dx, %ex tolerance 1.0e-06 : !burin.tensor<f32[i 3]>
  task.return
}

// -----

func.func private @element_rule(%x: !burin.tensor<i32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.log %x : (!burin.tensor<i32>) -> !burin.tensor<i32>
  return
}

// -----

func.func private @operands(%x: !burin.tensor<f32>) {
  // expected-error @below {{takes}}
  %y = burin.log %x, %x : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @result_is_union(%x: !burin.tensor<f32[i 2]>) {
  // expected-error @below {{[result_is_union]}}
  %y = burin.log %x : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
  return
}
