// burin.scatter_add sums values into zeros at indices, in the order of its first operand's elements.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.scatter_add %{{.*}}[%{{.*}}, %{{.*}}] at ["r", "c"] : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<!burin.index<c 4>[b 5]>) -> !burin.tensor<f32[r 3, c 4]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : !burin.tensor<f32[b 5]>
  %i_ = burin.constant dense<[0, 2, 2, 1, 0]> : !burin.tensor<i64[b 5]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<r 3>[b 5]>
  %j_ = burin.constant dense<[3, 0, 0, 1, 2]> : !burin.tensor<i64[b 5]>
  %j = burin.cast %j_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<c 4>[b 5]>
  %y = burin.scatter_add %x[%i, %j] at ["r", "c"] : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<!burin.index<c 4>[b 5]>) -> !burin.tensor<f32[r 3, c 4]>
  %expected = burin.constant dense<[[0.0, 0.0, 5.0, 1.0], [0.0, 4.0, 0.0, 0.0], [5.0, 0.0, 0.0, 0.0]]> : !burin.tensor<f32[r 3, c 4]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[r 3, c 4]>
  task.return
}

// 1e8 + 1 - 1e8 is 0 in this order and would be 1 in others.
task.task @order(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[100000000.0, 1.0, -100000000.0]> : !burin.tensor<f32[b 3]>
  %i_ = burin.constant dense<[1, 1, 1]> : !burin.tensor<i64[b 3]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 3]>) -> !burin.tensor<!burin.index<r 3>[b 3]>
  %y = burin.scatter_add %x[%i] at ["r"] : (!burin.tensor<f32[b 3]>, !burin.tensor<!burin.index<r 3>[b 3]>) -> !burin.tensor<f32[r 3]>
  %expected = burin.constant dense<[0.0, 0.0, 0.0]> : !burin.tensor<f32[r 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[r 3]>
  task.return
}

// Into what was there: 1e8 - 1e8 + 1.
task.task @from(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[-100000000.0, 1.0]> : !burin.tensor<f32[b 2]>
  %a = burin.constant dense<[7.0, 100000000.0, 8.0]> : !burin.tensor<f32[r 3]>
  %i_ = burin.constant dense<[1, 1]> : !burin.tensor<i64[b 2]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 2]>) -> !burin.tensor<!burin.index<r 3>[b 2]>
  %w = burin.constant dense<[2.0, 3.0, 4.0]> : !burin.tensor<f32[r 3]>
  %l, %dx, %da, %y = burin.grad (%px = %x, %pa = %a) : !burin.tensor<f32[b 2]>, !burin.tensor<f32[r 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[b 2]>, !burin.tensor<f32[r 3]>, !burin.tensor<f32[r 3]>) {
    %s = burin.scatter_add %px[%i] at ["r"] from %pa : (!burin.tensor<f32[b 2]>, !burin.tensor<!burin.index<r 3>[b 2]>, !burin.tensor<f32[r 3]>) -> !burin.tensor<f32[r 3]>
    %z = burin.mul %s, %w : (!burin.tensor<f32[r 3]>, !burin.tensor<f32[r 3]>) -> !burin.tensor<f32[r 3]>
    %sum = burin.reduce "sum" %z over ["r"] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f32>
    burin.yield %sum, %s : !burin.tensor<f32>, !burin.tensor<f32[r 3]>
  }
  %expected = burin.constant dense<[7.0, 1.0, 8.0]> : !burin.tensor<f32[r 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[r 3]>
  %dx_ = burin.constant dense<[3.0, 3.0]> : !burin.tensor<f32[b 2]>
  task.expect %dx, %dx_ tolerance 0.0 : !burin.tensor<f32[b 2]>
  task.expect %da, %w tolerance 0.0 : !burin.tensor<f32[r 3]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : !burin.tensor<f32[b 5]>
  %w = burin.constant dense<[[-0.074000001, -0.734000027, -0.70599997, -0.713999987], [-0.0450000018, -0.330000013, 0.870999992, -1.32599998], [-0.169, 1.85899997, 0.0390000008, 1.199]]> : !burin.tensor<f32[r 3, c 4]>
  %i_ = burin.constant dense<[0, 2, 2, 1, 0]> : !burin.tensor<i64[b 5]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<r 3>[b 5]>
  %j_ = burin.constant dense<[3, 0, 0, 1, 2]> : !burin.tensor<i64[b 5]>
  %j = burin.cast %j_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<c 4>[b 5]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[b 5]> -> (!burin.tensor<f32>, !burin.tensor<f32[b 5]>) {
    %y = burin.scatter_add %px[%i, %j] at ["r", "c"] : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<!burin.index<c 4>[b 5]>) -> !burin.tensor<f32[r 3, c 4]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<f32[r 3, c 4]>) -> !burin.tensor<f32[r 3, c 4]>
    %s = burin.reduce "sum" %z over ["r", "c"] : (!burin.tensor<f32[r 3, c 4]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[-0.713999987, -0.169, -0.169, -0.330000013, -0.70599997]> : !burin.tensor<f32[b 5]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[b 5]>
  task.return
}

// -----

func.func private @index_of_axis(%x: !burin.tensor<f32[b 5]>, %i: !burin.tensor<i64[b 5]>) {
  // expected-error @below {{[index_of_axis]}}
  %y = burin.scatter_add %x[%i] at ["r"] : (!burin.tensor<f32[b 5]>, !burin.tensor<i64[b 5]>) -> !burin.tensor<f32[r 3]>
  return
}

// -----

func.func private @gather_axes(%x: !burin.tensor<f32[b 5]>, %i: !burin.tensor<!burin.index<r 3>[b 5]>) {
  // expected-error @below {{[gather_axes]}}
  %y = burin.scatter_add %x[%i] at ["r"] : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>) -> !burin.tensor<f32[r 3, c 4]>
  return
}

// -----

func.func private @element_rule(%x: !burin.tensor<f32[b 5]>, %i: !burin.tensor<!burin.index<r 3>[b 5]>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.scatter_add %x[%i] at ["r"] : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>) -> !burin.tensor<f64[r 3]>
  return
}

// -----

func.func private @acc_type(%x: !burin.tensor<f32[b 5]>, %i: !burin.tensor<!burin.index<r 3>[b 5]>, %a: !burin.tensor<f32[r 4]>) {
  // expected-error @below {{[acc_type]}}
  %y = burin.scatter_add %x[%i] at ["r"] from %a : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<f32[r 4]>) -> !burin.tensor<f32[r 3]>
  return
}
