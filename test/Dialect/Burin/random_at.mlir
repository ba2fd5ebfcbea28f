// burin.random_at: what `random` draws for the element of a number.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.random_at %{{.*}}, %{{.*}} : (!burin.tensor<i64>, !burin.tensor<i64[i 2, j 3]>) -> !burin.tensor<f32[i 2, j 3]>
task.task @values(%seed: !burin.tensor<i64>) {
  %k = burin.constant dense<81985529216486895> : !burin.tensor<i64>
  %i = burin.constant dense<[[5, 1, 2], [3, 4, 0]]> : !burin.tensor<i64[i 2, j 3]>
  %y = burin.random_at %k, %i : (!burin.tensor<i64>, !burin.tensor<i64[i 2, j 3]>) -> !burin.tensor<f32[i 2, j 3]>
  %expected = burin.constant dense<[[0.75548625, 0.3920964, 0.313403249], [0.114638209, 0.797473669, 0.568452477]]> : !burin.tensor<f32[i 2, j 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 2, j 3]>
  task.return
}

// Of many numbers the draws of `random`, whose elements they count.
task.task @same(%seed: !burin.tensor<i64>) {
  %k = burin.constant dense<42> : !burin.tensor<i64>
  %y = burin.random %k : !burin.tensor<i64> -> !burin.tensor<f32[i 3000]>
  %iota = burin.iota : !burin.tensor<!burin.index<i 3000>[i 3000]>
  %i = burin.cast %iota : (!burin.tensor<!burin.index<i 3000>[i 3000]>) -> !burin.tensor<i64[i 3000]>
  %z = burin.random_at %k, %i : (!burin.tensor<i64>, !burin.tensor<i64[i 3000]>) -> !burin.tensor<f32[i 3000]>
  task.expect %z, %y tolerance 0.0 : !burin.tensor<f32[i 3000]>
  task.return
}

// -----

func.func private @element_rule(%a: !burin.tensor<i64>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.random_at %a, %a : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<f64>
  return
}

// -----

func.func private @operands(%a: !burin.tensor<i64>) {
  // expected-error @below {{takes}}
  %y = burin.random_at %a : (!burin.tensor<i64>) -> !burin.tensor<f32>
  return
}
