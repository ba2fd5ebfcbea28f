// burin.ge: greater or equal; a comparison with NaN is false.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.ge %{{.*}}, %{{.*}} : (!burin.tensor<f32[i 7]>, !burin.tensor<f32[i 7]>) -> !burin.tensor<i1[i 7]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, 3.0, 0x7FC00000, 0x7FC00000, 0x7F800000, 0.0]> : !burin.tensor<f32[i 7]>
  %y0 = burin.constant dense<[2.0, 2.0, 1.0, 1.0, 0x7FC00000, 0x7F800000, -0.0]> : !burin.tensor<f32[i 7]>
  %y = burin.ge %x, %y0 : (!burin.tensor<f32[i 7]>, !burin.tensor<f32[i 7]>) -> !burin.tensor<i1[i 7]>
  %expected = burin.constant dense<[false, true, true, false, false, true, true]> : !burin.tensor<i1[i 7]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i1[i 7]>
  task.return
}

task.task @integers(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1, -2, 3, -2147483648]> : !burin.tensor<i32[i 4]>
  %y0 = burin.constant dense<[2, -2, 1, 2147483647]> : !burin.tensor<i32[i 4]>
  %y = burin.ge %x, %y0 : (!burin.tensor<i32[i 4]>, !burin.tensor<i32[i 4]>) -> !burin.tensor<i1[i 4]>
  %expected = burin.constant dense<[false, true, true, false]> : !burin.tensor<i1[i 4]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i1[i 4]>
  task.return
}

task.task @indices(%seed: !burin.tensor<i64>) {
  %x = burin.iota : !burin.tensor<!burin.index<d 3>[d 3]>
  %one = burin.constant dense<1> : !burin.tensor<i64>
  %y0 = burin.cast %one : (!burin.tensor<i64>) -> !burin.tensor<!burin.index<d 3>>
  %y = burin.ge %x, %y0 : (!burin.tensor<!burin.index<d 3>[d 3]>, !burin.tensor<!burin.index<d 3>>) -> !burin.tensor<i1[d 3]>
  %expected = burin.constant dense<[false, true, true]> : !burin.tensor<i1[d 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i1[d 3]>
  task.return
}

// -----

func.func private @element_rule(%a: !burin.tensor<f32>, %b: !burin.tensor<f64>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.ge %a, %b : (!burin.tensor<f32>, !burin.tensor<f64>) -> !burin.tensor<i1>
  return
}

// -----

func.func private @element_rule(%a: !burin.tensor<f32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.ge %a, %a : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @operands(%a: !burin.tensor<f32>) {
  // expected-error @below {{takes}}
  %y = burin.ge %a : (!burin.tensor<f32>) -> !burin.tensor<i1>
  return
}

// -----

func.func private @equal_extents(%a: !burin.tensor<f32[i 2]>, %b: !burin.tensor<f32[i 3]>) {
  // expected-error @below {{[equal_extents]}}
  %y = burin.ge %a, %b : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<i1[i 2]>
  return
}

// -----

func.func private @result_is_union(%a: !burin.tensor<f32[i 2]>, %b: !burin.tensor<f32[j 3]>) {
  // expected-error @below {{[result_is_union]}}
  %y = burin.ge %a, %b : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[j 3]>) -> !burin.tensor<i1[i 2]>
  return
}

// -----

func.func private @element_rule(%a: !burin.tensor<i1>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.ge %a, %a : (!burin.tensor<i1>, !burin.tensor<i1>) -> !burin.tensor<i1>
  return
}
