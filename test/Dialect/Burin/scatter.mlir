// burin.scatter writes values at indices over what was there, in the order of its first operand's elements: the last write is kept.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.scatter %{{.*}}[%{{.*}}, %{{.*}}] at ["r", "c"] into %{{.*}} : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<!burin.index<c 4>[b 5]>, !burin.tensor<f32[r 3, c 4]>) -> !burin.tensor<f32[r 3, c 4]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : !burin.tensor<f32[b 5]>
  %a = burin.constant dense<[[10.0, 11.0, 12.0, 13.0], [14.0, 15.0, 16.0, 17.0], [18.0, 19.0, 20.0, 21.0]]> : !burin.tensor<f32[r 3, c 4]>
  %i_ = burin.constant dense<[0, 2, 2, 1, 0]> : !burin.tensor<i64[b 5]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<r 3>[b 5]>
  %j_ = burin.constant dense<[3, 0, 0, 1, 2]> : !burin.tensor<i64[b 5]>
  %j = burin.cast %j_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<c 4>[b 5]>
  %y = burin.scatter %x[%i, %j] at ["r", "c"] into %a : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<!burin.index<c 4>[b 5]>, !burin.tensor<f32[r 3, c 4]>) -> !burin.tensor<f32[r 3, c 4]>
  %expected = burin.constant dense<[[10.0, 11.0, 5.0, 1.0], [14.0, 4.0, 16.0, 17.0], [3.0, 19.0, 20.0, 21.0]]> : !burin.tensor<f32[r 3, c 4]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[r 3, c 4]>
  // What was written into is as it was.
  %before = burin.constant dense<[[10.0, 11.0, 12.0, 13.0], [14.0, 15.0, 16.0, 17.0], [18.0, 19.0, 20.0, 21.0]]> : !burin.tensor<f32[r 3, c 4]>
  task.expect %a, %before tolerance 0.0 : !burin.tensor<f32[r 3, c 4]>
  task.return
}

// Rows of whole numbers, and an axis of the indices that the result has too: each of its rows has writes of its own.
task.task @rows(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1, 2], [3, 4], [5, 6]]> : !burin.tensor<i32[b 3, f 2]>
  %a = burin.constant dense<0> : !burin.tensor<i32[f 2, r 3]>
  %i_ = burin.constant dense<[2, 0, 2]> : !burin.tensor<i64[b 3]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 3]>) -> !burin.tensor<!burin.index<r 3>[b 3]>
  %y = burin.scatter %x[%i] at ["r"] into %a : (!burin.tensor<i32[b 3, f 2]>, !burin.tensor<!burin.index<r 3>[b 3]>, !burin.tensor<i32[f 2, r 3]>) -> !burin.tensor<i32[f 2, r 3]>
  %expected = burin.constant dense<[[3, 0, 5], [4, 0, 6]]> : !burin.tensor<i32[f 2, r 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i32[f 2, r 3]>
  %k_ = burin.constant dense<[1, 2]> : !burin.tensor<i64[f 2]>
  %k = burin.cast %k_ : (!burin.tensor<i64[f 2]>) -> !burin.tensor<!burin.index<r 3>[f 2]>
  %v = burin.constant dense<[7, 8]> : !burin.tensor<i32[f 2]>
  %z = burin.scatter %v[%k] at ["r"] into %a : (!burin.tensor<i32[f 2]>, !burin.tensor<!burin.index<r 3>[f 2]>, !burin.tensor<i32[f 2, r 3]>) -> !burin.tensor<i32[f 2, r 3]>
  %own = burin.constant dense<[[0, 7, 0], [0, 0, 8]]> : !burin.tensor<i32[f 2, r 3]>
  task.expect %z, %own tolerance 0.0 : !burin.tensor<i32[f 2, r 3]>
  task.return
}

// The writes that are lost get no cotangent, nor does what is written over.
task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, 3.0, 4.0]> : !burin.tensor<f32[b 4]>
  %a = burin.constant dense<[10.0, 11.0, 12.0]> : !burin.tensor<f32[r 3]>
  %w = burin.constant dense<[0.5, -2.0, 3.0]> : !burin.tensor<f32[r 3]>
  %i_ = burin.constant dense<[1, 2, 1, 1]> : !burin.tensor<i64[b 4]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 4]>) -> !burin.tensor<!burin.index<r 3>[b 4]>
  %l, %dx, %da = burin.grad (%px = %x, %pa = %a) : !burin.tensor<f32[b 4]>, !burin.tensor<f32[r 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[b 4]>, !burin.tensor<f32[r 3]>) {
    %y = burin.scatter %px[%i] at ["r"] into %pa : (!burin.tensor<f32[b 4]>, !burin.tensor<!burin.index<r 3>[b 4]>, !burin.tensor<f32[r 3]>) -> !burin.tensor<f32[r 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[r 3]>, !burin.tensor<f32[r 3]>) -> !burin.tensor<f32[r 3]>
    %s = burin.reduce "sum" %z over ["r"] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %dx_ = burin.constant dense<[0.0, 3.0, 0.0, -2.0]> : !burin.tensor<f32[b 4]>
  %da_ = burin.constant dense<[0.5, 0.0, 0.0]> : !burin.tensor<f32[r 3]>
  task.expect %dx, %dx_ tolerance 0.0 : !burin.tensor<f32[b 4]>
  task.expect %da, %da_ tolerance 0.0 : !burin.tensor<f32[r 3]>
  task.return
}

// -----

func.func private @index_of_axis(%x: !burin.tensor<f32[b 5]>, %i: !burin.tensor<i64[b 5]>, %a: !burin.tensor<f32[r 3]>) {
  // expected-error @below {{[index_of_axis]}}
  %y = burin.scatter %x[%i] at ["r"] into %a : (!burin.tensor<f32[b 5]>, !burin.tensor<i64[b 5]>, !burin.tensor<f32[r 3]>) -> !burin.tensor<f32[r 3]>
  return
}

// -----

func.func private @gather_axes(%x: !burin.tensor<f32[b 5]>, %i: !burin.tensor<!burin.index<r 3>[b 5]>, %a: !burin.tensor<f32[r 3, c 4]>) {
  // expected-error @below {{[gather_axes]}}
  %y = burin.scatter %x[%i] at ["r"] into %a : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<f32[r 3, c 4]>) -> !burin.tensor<f32[r 3, c 4]>
  return
}

// -----

func.func private @element_rule(%x: !burin.tensor<f32[b 5]>, %i: !burin.tensor<!burin.index<r 3>[b 5]>, %a: !burin.tensor<f64[r 3]>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.scatter %x[%i] at ["r"] into %a : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<f64[r 3]>) -> !burin.tensor<f64[r 3]>
  return
}

// -----

func.func private @acc_type(%x: !burin.tensor<f32[b 5]>, %i: !burin.tensor<!burin.index<r 3>[b 5]>, %a: !burin.tensor<f32[r 4]>) {
  // expected-error @below {{[acc_type]}}
  %y = burin.scatter %x[%i] at ["r"] into %a : (!burin.tensor<f32[b 5]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<f32[r 4]>) -> !burin.tensor<f32[r 3]>
  return
}
