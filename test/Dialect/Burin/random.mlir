// burin.random: element number i in row-major order is drawn from counter i.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.random %{{.*}} : <i64> -> <f32[i 2, j 3]>
task.task @values(%seed: !burin.tensor<i64>) {
  %k = burin.constant dense<81985529216486895> : !burin.tensor<i64>
  %y = burin.random %k : !burin.tensor<i64> -> !burin.tensor<f32[i 2, j 3]>
  %expected = burin.constant dense<[[0.568452477, 0.3920964, 0.313403249], [0.114638209, 0.797473669, 0.75548625]]> : !burin.tensor<f32[i 2, j 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 2, j 3]>
  task.return
}

// Means and squares of many draws are those of the uniform distribution.
task.task @distribution(%seed: !burin.tensor<i64>) {
  %k = burin.constant dense<42> : !burin.tensor<i64>
  %y = burin.random %k : !burin.tensor<i64> -> !burin.tensor<f32[i 20000]>
  %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f32[i 20000]>) -> !burin.tensor<f32>
  %z = burin.mul %y, %y : (!burin.tensor<f32[i 20000]>, !burin.tensor<f32[i 20000]>) -> !burin.tensor<f32[i 20000]>
  %q = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 20000]>) -> !burin.tensor<f32>
  %half = burin.constant dense<10000.0> : !burin.tensor<f32>
  %third = burin.constant dense<6666.66667> : !burin.tensor<f32>
  task.expect %s, %half tolerance 0.01 : !burin.tensor<f32>
  task.expect %q, %third tolerance 0.02 : !burin.tensor<f32>
  task.return
}

// -----

func.func private @random_type(%k: !burin.tensor<i64>) {
  // expected-error @below {{[random_type]}}
  %y = burin.random %k : !burin.tensor<i64> -> !burin.tensor<f64>
  return
}
