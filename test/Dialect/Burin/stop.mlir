// burin.stop is an identity whose derivative is 0.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.stop %{{.*}} : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.0, 0x7FC00000]> : !burin.tensor<f32[i 3]>
  %y = burin.stop %x : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
  %expected = burin.constant dense<[1.5, -2.0, 0x7FC00000]> : !burin.tensor<f32[i 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.5, -2.0]> : !burin.tensor<f32[i 2]>
  %l, %dx = burin.grad (%p = %x) : !burin.tensor<f32[i 2]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 2]>) {
    %a = burin.stop %p : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %b = burin.mul %a, %p : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %s = burin.reduce "sum" %b over ["i"] : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[1.5, -2.0]> : !burin.tensor<f32[i 2]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[i 2]>
  task.return
}

// -----

func.func private @element_rule(%a: !burin.tensor<f32>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.stop %a : (!burin.tensor<f32>) -> !burin.tensor<f64>
  return
}

// -----

func.func private @operands(%a: !burin.tensor<f32>) {
  // expected-error @below {{takes}}
  %y = burin.stop %a, %a : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @result_is_union(%a: !burin.tensor<f32[i 2]>) {
  // expected-error @below {{[result_is_union]}}
  %y = burin.stop %a : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
  return
}
