// burin.sub rounds once; integers wrap.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.sub %{{.*}}, %{{.*}} : (!burin.tensor<f32[i 6]>, !burin.tensor<f32[i 6]>) -> !burin.tensor<f32[i 6]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.0, 0.100000001, 3.00000001e+38, 0x7F800000, 0x7FC00000]> : !burin.tensor<f32[i 6]>
  %y0 = burin.constant dense<[2.0, 0.300000012, 0.200000003, 3.00000001e+38, 0xFF800000, 1.0]> : !burin.tensor<f32[i 6]>
  %y = burin.sub %x, %y0 : (!burin.tensor<f32[i 6]>, !burin.tensor<f32[i 6]>) -> !burin.tensor<f32[i 6]>
  %expected = burin.constant dense<[-0.5, -2.29999995, -0.100000001, 0.0, 0x7F800000, 0x7FC00000]> : !burin.tensor<f32[i 6]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 6]>
  task.return
}

// Axes align by name; the result has those of both, in any order.
// CHECK: burin.sub %{{.*}}, %{{.*}} : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[j 3]>) -> !burin.tensor<f32[j 3, i 2]>
task.task @broadcast(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, 4.0]> : !burin.tensor<f32[i 2]>
  %y0 = burin.constant dense<[2.0, 0.5, -3.0]> : !burin.tensor<f32[j 3]>
  %y = burin.sub %x, %y0 : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[j 3]>) -> !burin.tensor<f32[j 3, i 2]>
  %expected = burin.constant dense<[[-0.5, 2.0], [1.0, 3.5], [4.5, 7.0]]> : !burin.tensor<f32[j 3, i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[j 3, i 2]>
  task.return
}

task.task @integers(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1, -2147483648, -5]> : !burin.tensor<i32[i 3]>
  %y0 = burin.constant dense<[2, 1, -6]> : !burin.tensor<i32[i 3]>
  %y = burin.sub %x, %y0 : (!burin.tensor<i32[i 3]>, !burin.tensor<i32[i 3]>) -> !burin.tensor<i32[i 3]>
  %expected = burin.constant dense<[-1, 2147483647, 1]> : !burin.tensor<i32[i 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i32[i 3]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.0, 0.0]> : !burin.tensor<f32[i 3]>
  %y0 = burin.constant dense<[2.0, 3.0, 4.0]> : !burin.tensor<f32[i 3]>
  %w = burin.constant dense<[1.0, -2.0, 3.0]> : !burin.tensor<f32[i 3]>
  %l, %dx, %dy0 = burin.grad (%px = %x, %py0 = %y0) : !burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) {
    %y = burin.sub %px, %py0 : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %ex = burin.constant dense<[1.0, -2.0, 3.0]> : !burin.tensor<f32[i 3]>
  task.expect %dx, %ex tolerance 1.0e-05 : !burin.tensor<f32[i 3]>
  %ey0 = burin.constant dense<[-1.0, 2.0, -3.0]> : !burin.tensor<f32[i 3]>
  task.expect %dy0, %ey0 tolerance 1.0e-05 : !burin.tensor<f32[i 3]>
  task.return
}

task.task @summed(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.75, 1.5, 3.0]> : !burin.tensor<f32[i 3]>
  %c = burin.constant dense<2.0> : !burin.tensor<f32>
  %l, %dc = burin.grad (%p = %c) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    %y = burin.sub %x, %p : (!burin.tensor<f32[i 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 3]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<-3.0> : !burin.tensor<f32>
  task.expect %dc, %expected tolerance 1.0e-05 : !burin.tensor<f32>
  task.return
}

// -----

func.func private @element_rule(%a: !burin.tensor<f32>, %b: !burin.tensor<i32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.sub %a, %b : (!burin.tensor<f32>, !burin.tensor<i32>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @operands(%a: !burin.tensor<f32>) {
  // expected-error @below {{takes}}
  %y = burin.sub %a : (!burin.tensor<f32>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @equal_extents(%a: !burin.tensor<f32[i 2]>, %b: !burin.tensor<f32[i 3]>) {
  // expected-error @below {{[equal_extents]}}
  %y = burin.sub %a, %b : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 2]>
  return
}

// -----

func.func private @result_is_union(%a: !burin.tensor<f32[i 2]>, %b: !burin.tensor<f32[j 3]>) {
  // expected-error @below {{[result_is_union]}}
  %y = burin.sub %a, %b : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[j 3]>) -> !burin.tensor<f32[i 2]>
  return
}
