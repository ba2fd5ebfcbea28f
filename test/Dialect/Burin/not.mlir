// burin.not on bools.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.not %{{.*}} : (!burin.tensor<i1[i 2]>) -> !burin.tensor<i1[i 2]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[false, true]> : !burin.tensor<i1[i 2]>
  %y = burin.not %x : (!burin.tensor<i1[i 2]>) -> !burin.tensor<i1[i 2]>
  %expected = burin.constant dense<[true, false]> : !burin.tensor<i1[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i1[i 2]>
  task.return
}

// -----

func.func private @element_rule(%a: !burin.tensor<i32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.not %a : (!burin.tensor<i32>) -> !burin.tensor<i32>
  return
}

// -----

func.func private @operands(%a: !burin.tensor<i1>) {
  // expected-error @below {{takes}}
  %y = burin.not %a, %a : (!burin.tensor<i1>, !burin.tensor<i1>) -> !burin.tensor<i1>
  return
}
