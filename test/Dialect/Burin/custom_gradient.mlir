// burin.custom_gradient: a value with a gradient of its own.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// Straight through a rounding: the cotangent goes on as it is, and not into what was rounded.
// CHECK: burin.custom_gradient %{{.*}} by %{{.*}} : <f32[i 2]> by !burin.tensor<f32[i 2]> {
task.task @straight(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[0.25, 1.5]> : !burin.tensor<f32[i 2]>
  %loss, %dx = burin.grad (%p = %x) : !burin.tensor<f32[i 2]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 2]>) {
    %y = burin.mul %p, %p : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %f = burin.floor %y : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %r = burin.custom_gradient %f by %y : !burin.tensor<f32[i 2]> by !burin.tensor<f32[i 2]> {
    ^bb0(%d: !burin.tensor<f32[i 2]>):
      burin.yield %d : !burin.tensor<f32[i 2]>
    }
    %q = burin.mul %r, %r : (!burin.tensor<f32[i 2]>, !burin.tensor<f32[i 2]>) -> !burin.tensor<f32[i 2]>
    %s = burin.reduce "sum" %q over ["i"] : (!burin.tensor<f32[i 2]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %el = burin.constant dense<4.0> : !burin.tensor<f32>
  task.expect %loss, %el tolerance 0.0 : !burin.tensor<f32>
  %ex = burin.constant dense<[0.0, 12.0]> : !burin.tensor<f32[i 2]>
  task.expect %dx, %ex tolerance 0.0 : !burin.tensor<f32[i 2]>
  task.return
}

// What is yielded for an input is summed over the axes that the input lacks; what is captured is there.
task.task @summed(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[1.0, 2.0, 3.0]> : !burin.tensor<f32[i 3]>
  %c = burin.constant dense<2.0> : !burin.tensor<f32>
  %loss, %dc, %dx = burin.grad (%b = %c, %p = %x) : !burin.tensor<f32>, !burin.tensor<f32[i 3]> -> (!burin.tensor<f32>, !burin.tensor<f32>, !burin.tensor<f32[i 3]>) {
    %y = burin.mul %b, %p : (!burin.tensor<f32>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
    %r = burin.custom_gradient %y by %b, %p : !burin.tensor<f32[i 3]> by !burin.tensor<f32>, !burin.tensor<f32[i 3]> {
    ^bb0(%d: !burin.tensor<f32[i 3]>):
      %db = burin.mul %d, %p : (!burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
      %dp = burin.neg %d : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32[i 3]>
      burin.yield %db, %dp : !burin.tensor<f32[i 3]>, !burin.tensor<f32[i 3]>
    }
    %s = burin.reduce "sum" %r over ["i"] : (!burin.tensor<f32[i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %ec = burin.constant dense<6.0> : !burin.tensor<f32>
  task.expect %dc, %ec tolerance 0.0 : !burin.tensor<f32>
  %ex = burin.constant dense<-1.0> : !burin.tensor<f32[i 3]>
  task.expect %dx, %ex tolerance 0.0 : !burin.tensor<f32[i 3]>
  task.return
}

// -----
task.task @count(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32>
  // expected-error@+1 {{yields the cotangent of each input [custom_types]}}
  %r = burin.custom_gradient %x by %x : !burin.tensor<f32> by !burin.tensor<f32> {
  ^bb0(%d: !burin.tensor<f32>):
    burin.yield %d, %d : !burin.tensor<f32>, !burin.tensor<f32>
  }
  task.return
}

// -----
task.task @axes(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32[i 2]>
  %y = burin.constant dense<1.0> : !burin.tensor<f32>
  // expected-error@+1 {{for an input of '!burin.tensor<f32[i 2]>' [custom_types]}}
  %r = burin.custom_gradient %y by %x : !burin.tensor<f32> by !burin.tensor<f32[i 2]> {
  ^bb0(%d: !burin.tensor<f32>):
    burin.yield %d : !burin.tensor<f32>
  }
  task.return
}

// -----
task.task @integer(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1> : !burin.tensor<i64>
  // expected-error@+1 {{is of a float, whose cotangent its region takes [custom_types]}}
  %r = burin.custom_gradient %x by %x : !burin.tensor<i64> by !burin.tensor<i64> {
  ^bb0(%d: !burin.tensor<i64>):
    burin.yield %d : !burin.tensor<i64>
  }
  task.return
}
