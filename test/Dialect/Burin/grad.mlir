// burin.grad: a loss, its gradients, and what else the block yields.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.grad (%{{.*}} = %{{.*}}) : !burin.tensor<f32[i 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) {
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, -3.0]> : !burin.tensor<f32[i 3]>
  %c = burin.constant dense<2.0> : !burin.tensor<f32>
  %loss, %dx, %more = burin.grad (%p = %x) : !burin.tensor<f32[i 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) {
    %y = burin.mul %p, %p : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %z = burin.mul %c, %y : (!burin.tensor<f32>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %s = burin.reduce "sum" %z over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s, %y : !burin.tensor<f32>, !burin.tensor<f32[i 3]>
  }
  %el = burin.constant dense<28.0> : !burin.tensor<f32>
  task.expect %loss, %el tolerance 0.0 : !burin.tensor<f32>
  %ex = burin.constant dense<[4.0, 8.0, -12.0]> : !burin.tensor<f32[i 3]>
  task.expect %dx, %ex tolerance 0.0 : !burin.tensor<f32[i 3]>
  %em = burin.constant dense<[1.0, 4.0, 9.0]> : !burin.tensor<f32[i 3]>
  task.expect %more, %em tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}

// What is captured is constant, also when it is the value that is differentiated.
task.task @captured(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<3.0> : !burin.tensor<f32>
  %loss, %dx = burin.grad (%p = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    %y = burin.mul %p, %x : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    burin.yield %y : !burin.tensor<f32>
  }
  task.expect %dx, %x tolerance 0.0 : !burin.tensor<f32>
  task.return
}

// What the loss does not depend on has the gradient 0.
task.task @apart(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<3.0> : !burin.tensor<f32[i 2]>
  %c = burin.constant dense<2.0> : !burin.tensor<f32>
  %loss, %dx = burin.grad (%p = %x) : !burin.tensor<f32[i 2]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 2]>) {
    burin.yield %c : !burin.tensor<f32>
  }
  %zero = burin.constant dense<0.0> : !burin.tensor<f32[i 2]>
  task.expect %dx, %zero tolerance 0.0 : !burin.tensor<f32[i 2]>
  task.return
}

// A loss for each lane of what is differentiated: every lane has its own gradient.
task.task @mapped(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0]> : !burin.tensor<f32[lane 2]>
  %loss, %dx = burin.grad (%p = %x) : !burin.tensor<f32[lane 2]> -> (!burin.tensor<f32[lane 2]>, !burin.tensor<f32[lane 2]>) {
    %y = burin.mul %p, %p : (!burin.tensor<f32[lane 2]>, !burin.tensor<f32[lane 2]>) -> !burin.tensor<f32[lane 2]>
    burin.yield %y : !burin.tensor<f32[lane 2]>
  }
  %expected = burin.constant dense<[2.0, 4.0]> : !burin.tensor<f32[lane 2]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[lane 2]>
  task.return
}

// By slots, through a function that reads them, as programs are imported.
task.slot @w "parameter" : !burin.tensor<f32[i 3]>
func.func private @model() -> !burin.tensor<f32> {
  %w = task.get @w : !burin.tensor<f32[i 3]>
  %y = burin.mul %w, %w : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
  %s = burin.reduce "sum" %y over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
  return %s : !burin.tensor<f32>
}
// CHECK: burin.grad over [@w] -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>) {
task.task @slots(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, -3.0]> : !burin.tensor<f32[i 3]>
  task.set @w, %x : !burin.tensor<f32[i 3]>
  %loss, %dw = burin.grad over [@w] -> (!burin.tensor<f32>, !burin.tensor<f32[i 3]>) {
    %s = func.call @model() : () -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[2.0, 4.0, -6.0]> : !burin.tensor<f32[i 3]>
  task.expect %dw, %expected tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}

// -----

func.func private @loss(%x: !burin.tensor<i32>) {
  // expected-error @below {{yields its loss first, a float [grad_results]}}
  %l, %d = burin.grad (%p = %x) : !burin.tensor<i32> -> (!burin.tensor<i32>, !burin.tensor<i32>) {
    burin.yield %p : !burin.tensor<i32>
  }
  return
}

// -----

func.func private @number(%x: !burin.tensor<f32>) {
  // expected-error @below {{has results for the loss, its gradients, and what else it yields [grad_results]}}
  %l = burin.grad (%p = %x) : !burin.tensor<f32> -> (!burin.tensor<f32>) {
    burin.yield %p : !burin.tensor<f32>
  }
  return
}

// -----

func.func private @types(%x: !burin.tensor<f32[i 2]>, %y: !burin.tensor<f32>) {
  // expected-error @below {{has results of other types [grad_results]}}
  %l, %d = burin.grad (%p = %x) : !burin.tensor<f32[i 2]> -> (!burin.tensor<f32>, !burin.tensor<f32>) {
    burin.yield %y : !burin.tensor<f32>
  }
  return
}
