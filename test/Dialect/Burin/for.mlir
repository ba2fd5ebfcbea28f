// burin.for counts from 0 to a number known when the program runs and carries values.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.for %{{.*}} to %{{.*}} carries(%{{.*}} = %{{.*}}, %{{.*}} = %{{.*}}) : !burin.tensor<f32>, !burin.tensor<f32>
task.task @values(%seed: !burin.tensor<i64>) {
  // Fibonacci's numbers.
  %n = burin.constant dense<10> : !burin.tensor<i64>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32>
  %one = burin.constant dense<1.0> : !burin.tensor<f32>
  %a, %b = burin.for %i to %n carries(%x = %zero, %y = %one) : !burin.tensor<f32>, !burin.tensor<f32> {
    %z = burin.add %x, %y : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    burin.yield %y, %z : !burin.tensor<f32>, !burin.tensor<f32>
  }
  %expected = burin.constant dense<55.0> : !burin.tensor<f32>
  task.expect %a, %expected tolerance 0.0 : !burin.tensor<f32>
  task.return
}

// The counter, a loop in a loop, and a loop that never runs.
task.task @nested(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<5> : !burin.tensor<i64>
  %none = burin.constant dense<-3> : !burin.tensor<i64>
  %zero = burin.constant dense<0> : !burin.tensor<i64>
  %sum = burin.for %i to %n carries(%x = %zero) : !burin.tensor<i64> {
    %inner = burin.for %j to %i carries(%y = %x) : !burin.tensor<i64> {
      %p = burin.mul %i, %j : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
      %q = burin.add %y, %p : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
      burin.yield %q : !burin.tensor<i64>
    }
    burin.yield %inner : !burin.tensor<i64>
  }
  %expected = burin.constant dense<35> : !burin.tensor<i64>
  task.expect %sum, %expected tolerance 0.0 : !burin.tensor<i64>
  %same = burin.for %k to %none carries(%x = %expected) : !burin.tensor<i64> {
    burin.yield %zero : !burin.tensor<i64>
  }
  task.expect %same, %expected tolerance 0.0 : !burin.tensor<i64>
  task.return
}

// A loop with a name that carries nothing.
// CHECK: burin.for "epoch" %{{.*}} to %{{.*}} {
task.task @named(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<2> : !burin.tensor<i64>
  burin.for "epoch" %i to %n {
    task.expect %i, %i tolerance 0.0 : !burin.tensor<i64>
  }
  task.return
}

// -----

func.func private @count(%x: !burin.tensor<f32>) {
  // expected-note @above {{prior use here}}
  // expected-error @below {{expects different type}}
  burin.for %i to %x {
  }
  return
}

// -----

func.func private @carried_types(%n: !burin.tensor<i64>, %x: !burin.tensor<f32>) {
  // expected-error @below {{[carried_types]}}
  %y = burin.for %i to %n carries(%a = %x) : !burin.tensor<f32> {
    burin.yield %n : !burin.tensor<i64>
  }
  return
}

// -----

func.func private @assignments(%n: !burin.tensor<i64>, %x: !burin.tensor<f32>) {
  // expected-error @below {{needs a type for every carried value}}
  %y = burin.for %i to %n carries(%a = %x, %b = %x) : !burin.tensor<f32> {
    burin.yield %a : !burin.tensor<f32>
  }
  return
}
