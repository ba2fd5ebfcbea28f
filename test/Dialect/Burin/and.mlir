// burin.and on bools.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.and %{{.*}}, %{{.*}} : (!burin.tensor<i1[i 4]>, !burin.tensor<i1[i 4]>) -> !burin.tensor<i1[i 4]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[false, false, true, true]> : !burin.tensor<i1[i 4]>
  %y0 = burin.constant dense<[false, true, false, true]> : !burin.tensor<i1[i 4]>
  %y = burin.and %x, %y0 : (!burin.tensor<i1[i 4]>, !burin.tensor<i1[i 4]>) -> !burin.tensor<i1[i 4]>
  %expected = burin.constant dense<[false, false, false, true]> : !burin.tensor<i1[i 4]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i1[i 4]>
  task.return
}

// -----

func.func private @element_rule(%a: !burin.tensor<i32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.and %a, %a : (!burin.tensor<i32>, !burin.tensor<i32>) -> !burin.tensor<i32>
  return
}

// -----

func.func private @operands(%a: !burin.tensor<i1>) {
  // expected-error @below {{takes}}
  %y = burin.and %a : (!burin.tensor<i1>) -> !burin.tensor<i1>
  return
}

// -----

func.func private @equal_extents(%a: !burin.tensor<i1[i 2]>, %b: !burin.tensor<i1[i 3]>) {
  // expected-error @below {{[equal_extents]}}
  %y = burin.and %a, %b : (!burin.tensor<i1[i 2]>, !burin.tensor<i1[i 3]>) -> !burin.tensor<i1[i 2]>
  return
}
