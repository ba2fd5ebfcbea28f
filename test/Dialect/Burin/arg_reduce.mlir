// burin.arg_reduce: the first wins a tie, NaN wins over numbers.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.arg_reduce "max" %{{.*}} over "k" : (!burin.tensor<f32[i 3, k 4]>) -> !burin.tensor<!burin.index<k 4>[i 3]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.0, 3.0, 3.0, 2.0], [5.0, 0x7FC00000, 7.0, 0x7FC00000], [-1.0, 0xFF800000, -2.0, -3.0]]> : !burin.tensor<f32[i 3, k 4]>
  %y = burin.arg_reduce "max" %x over "k" : (!burin.tensor<f32[i 3, k 4]>) -> !burin.tensor<!burin.index<k 4>[i 3]>
  %expected_ = burin.constant dense<[1, 1, 0]> : !burin.tensor<i64[i 3]>
  %expected = burin.cast %expected_ : (!burin.tensor<i64[i 3]>) -> !burin.tensor<!burin.index<k 4>[i 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<!burin.index<k 4>[i 3]>
  %z = burin.arg_reduce "min" %x over "k" : (!burin.tensor<f32[i 3, k 4]>) -> !burin.tensor<!burin.index<k 4>[i 3]>
  %smallest_ = burin.constant dense<[0, 1, 1]> : !burin.tensor<i64[i 3]>
  %smallest = burin.cast %smallest_ : (!burin.tensor<i64[i 3]>) -> !burin.tensor<!burin.index<k 4>[i 3]>
  task.expect %z, %smallest tolerance 0.0 : !burin.tensor<!burin.index<k 4>[i 3]>
  task.return
}

task.task @integers(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1, 5], [5, 2], [3, 2]]> : !burin.tensor<i32[k 3, i 2]>
  %y = burin.arg_reduce "max" %x over "k" : (!burin.tensor<i32[k 3, i 2]>) -> !burin.tensor<!burin.index<k 3>[i 2]>
  %expected_ = burin.constant dense<[1, 0]> : !burin.tensor<i64[i 2]>
  %expected = burin.cast %expected_ : (!burin.tensor<i64[i 2]>) -> !burin.tensor<!burin.index<k 3>[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<!burin.index<k 3>[i 2]>
  task.return
}

// -----

func.func private @reduce_kind(%x: !burin.tensor<f32[k 4]>) {
  // expected-error @below {{[reduce_kind]}}
  %y = burin.arg_reduce "sum" %x over "k" : (!burin.tensor<f32[k 4]>) -> !burin.tensor<!burin.index<k 4>>
  return
}

// -----

func.func private @reduced_axes(%x: !burin.tensor<f32[k 4]>) {
  // expected-error @below {{[reduced_axes]}}
  %y = burin.arg_reduce "max" %x over "j" : (!burin.tensor<f32[k 4]>) -> !burin.tensor<!burin.index<k 4>>
  return
}

// -----

func.func private @element_rule(%x: !burin.tensor<f32[k 4]>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.arg_reduce "max" %x over "k" : (!burin.tensor<f32[k 4]>) -> !burin.tensor<i64>
  return
}

// -----

func.func private @element_rule(%x: !burin.tensor<f32[k 4]>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.arg_reduce "max" %x over "k" : (!burin.tensor<f32[k 4]>) -> !burin.tensor<!burin.index<k 5>>
  return
}

// -----

func.func private @result_axes(%x: !burin.tensor<f32[k 4]>) {
  // expected-error @below {{[result_axes]}}
  %y = burin.arg_reduce "max" %x over "k" : (!burin.tensor<f32[k 4]>) -> !burin.tensor<!burin.index<k 4>[k 4]>
  return
}
