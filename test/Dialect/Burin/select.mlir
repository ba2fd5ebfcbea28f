// burin.select takes the first where the bool holds, else the second.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.select %{{.*}}, %{{.*}}, %{{.*}} : (!burin.tensor<i1[i 3]>, !burin.tensor<f32[i 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 3]>
task.task @values(%seed: !burin.tensor<i64>) {
  %c = burin.constant dense<[true, false, true]> : !burin.tensor<i1[i 3]>
  %x = burin.constant dense<[1.0, 2.0, 0x7FC00000]> : !burin.tensor<f32[i 3]>
  %z = burin.constant dense<7.0> : !burin.tensor<f32>
  %y = burin.select %c, %x, %z : (!burin.tensor<i1[i 3]>, !burin.tensor<f32[i 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 3]>
  %expected = burin.constant dense<[1.0, 7.0, 0x7FC00000]> : !burin.tensor<f32[i 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}

task.task @integers(%seed: !burin.tensor<i64>) {
  %c = burin.constant dense<[true, false]> : !burin.tensor<i1[i 2]>
  %x = burin.constant dense<[1, 2]> : !burin.tensor<i64[i 2]>
  %z = burin.constant dense<[3, 4]> : !burin.tensor<i64[i 2]>
  %y = burin.select %c, %x, %z : (!burin.tensor<i1[i 2]>, !burin.tensor<i64[i 2]>, !burin.tensor<i64[i 2]>) -> !burin.tensor<i64[i 2]>
  %expected = burin.constant dense<[1, 4]> : !burin.tensor<i64[i 2]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i64[i 2]>
  task.return
}

// What is not chosen takes no cotangent.
task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[4.0, 0.25, 9.0]> : !burin.tensor<f32[i 3]>
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %l, %dx = burin.grad (%p = %x) : !burin.tensor<f32[i 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>) {
    %c = burin.gt %p, %one : (!burin.tensor<f32[i 3]>, !burin.tensor<f32>) -> !burin.tensor<i1[i 3]>
    %r = burin.sqrt %p : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %y = burin.select %c, %r, %one : (!burin.tensor<i1[i 3]>, !burin.tensor<f32[i 3]>, !burin.tensor<f32>) -> !burin.tensor<f32[i 3]>
    %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[0.25, 0.0, 0.166666667]> : !burin.tensor<f32[i 3]>
  task.expect %dx, %expected tolerance 1.0e-06 : !burin.tensor<f32[i 3]>
  task.return
}

// -----

func.func private @element_rule(%c: !burin.tensor<i1>, %a: !burin.tensor<f32>, %b: !burin.tensor<f64>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.select %c, %a, %b : (!burin.tensor<i1>, !burin.tensor<f32>, !burin.tensor<f64>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @element_rule(%a: !burin.tensor<f32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.select %a, %a, %a : (!burin.tensor<f32>, !burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @operands(%c: !burin.tensor<i1>) {
  // expected-error @below {{takes}}
  %y = burin.select %c, %c : (!burin.tensor<i1>, !burin.tensor<i1>) -> !burin.tensor<i1>
  return
}

// -----

func.func private @result_is_union(%c: !burin.tensor<i1[i 2]>, %a: !burin.tensor<f32>) {
  // expected-error @below {{[result_is_union]}}
  %y = burin.select %c, %a, %a : (!burin.tensor<i1[i 2]>, !burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  return
}
