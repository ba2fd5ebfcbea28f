// burin.constant: a splat or every element, of any element that is a number or a bool.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.constant dense<1.500000e+00> : !burin.tensor<f32[i 2, "j'" 3]>
// CHECK: burin.constant dense<{{\[\[}}1, 2], [3, 4]]> : !burin.tensor<i64[i 2, j 2]>
// CHECK: burin.constant dense<[true, false]> : !burin.tensor<i1[i 2]>
task.task @values(%seed: !burin.tensor<i64>) {
  %a = burin.constant dense<1.5> : !burin.tensor<f32[i 2, "j'" 3]>
  %b = burin.constant dense<[[1, 2], [3, 4]]> : !burin.tensor<i64[i 2, j 2]>
  %c = burin.constant dense<[true, false]> : !burin.tensor<i1[i 2]>
  %s = burin.reduce "sum" %a over ["i", "j'"] : (!burin.tensor<f32[i 2, "j'" 3]>) -> !burin.tensor<f32>
  %nine = burin.constant dense<9.0> : !burin.tensor<f32>
  task.expect %s, %nine tolerance 0.0 : !burin.tensor<f32>
  %t = burin.reduce "sum" %b over ["i"] : (!burin.tensor<i64[i 2, j 2]>) -> !burin.tensor<i64[j 2]>
  %columns = burin.constant dense<[4, 6]> : !burin.tensor<i64[j 2]>
  task.expect %t, %columns tolerance 0.0 : !burin.tensor<i64[j 2]>
  %any = burin.reduce "any" %c over ["i"] : (!burin.tensor<i1[i 2]>) -> !burin.tensor<i1>
  %true = burin.constant dense<true> : !burin.tensor<i1>
  task.expect %any, %true tolerance 0.0 : !burin.tensor<i1>
  task.return
}

// -----

// Types are checked when they are read.
// expected-error @below {{[distinct_axes]}}
func.func private @distinct_axes(!burin.tensor<f32[i 2, i 3]>)

// -----

// expected-error @below {{[element]}}
func.func private @element(!burin.tensor<f80[i 2]>)
