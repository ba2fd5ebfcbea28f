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

// Sequences are read, and results written, a slice at each step; backwards from the last.
// CHECK: burin.for %{{.*}} to %{{.*}} reverse carries(%{{.*}} = %{{.*}}) : !burin.tensor<f32> over(%{{.*}} = %{{.*}}) : !burin.tensor<f32[t 3, a 2]> emits !burin.tensor<f32["t'" 3]>, !burin.tensor<i64[t 3]>, !burin.tensor<f32[t 3, a 2]> {
task.task @sequences(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<3> : !burin.tensor<i64>
  %zero = burin.constant dense<0.0> : !burin.tensor<f32>
  %xs = burin.constant dense<[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]> : !burin.tensor<f32[t 3, a 2]>
  %last, %sums, %counts, %same = burin.for %i to %n reverse carries(%s = %zero) : !burin.tensor<f32> over(%x = %xs) : !burin.tensor<f32[t 3, a 2]> emits !burin.tensor<f32["t'" 3]>, !burin.tensor<i64[t 3]>, !burin.tensor<f32[t 3, a 2]> {
    %here = burin.reduce "sum" %x over ["a"] : (!burin.tensor<f32[a 2]>) -> !burin.tensor<f32>
    %next = burin.add %s, %here : (!burin.tensor<f32>, !burin.tensor<f32>) -> !burin.tensor<f32>
    burin.yield %next, %next, %i, %x : !burin.tensor<f32>, !burin.tensor<f32>, !burin.tensor<i64>, !burin.tensor<f32[a 2]>
  }
  %all = burin.constant dense<21.0> : !burin.tensor<f32>
  %running = burin.constant dense<[21.0, 18.0, 11.0]> : !burin.tensor<f32["t'" 3]>
  %numbers = burin.constant dense<[0, 1, 2]> : !burin.tensor<i64[t 3]>
  task.expect %last, %all tolerance 0.0 : !burin.tensor<f32>
  task.expect %sums, %running tolerance 0.0 : !burin.tensor<f32["t'" 3]>
  task.expect %counts, %numbers tolerance 0.0 : !burin.tensor<i64[t 3]>
  task.expect %same, %xs tolerance 0.0 : !burin.tensor<f32[t 3, a 2]>
  task.return
}

// What is emitted in a loop in a loop lies in the whole of the outer one.
task.task @within(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<2> : !burin.tensor<i64>
  %m = burin.constant dense<3> : !burin.tensor<i64>
  %table = burin.for %i to %n emits !burin.tensor<i64[a 2, b 3]> {
    %row = burin.for %j to %m emits !burin.tensor<i64[b 3]> {
      %p = burin.mul %i, %j : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
      burin.yield %p : !burin.tensor<i64>
    }
    burin.yield %row : !burin.tensor<i64[b 3]>
  }
  %expected = burin.constant dense<[[0, 0, 0], [0, 1, 2]]> : !burin.tensor<i64[a 2, b 3]>
  task.expect %table, %expected tolerance 0.0 : !burin.tensor<i64[a 2, b 3]>
  task.return
}

// A loop that stops keeps what it has.
// CHECK: burin.for %{{.*}} to %{{.*}} while carries(
task.task @stops(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<100> : !burin.tensor<i64>
  %two = burin.constant dense<2> : !burin.tensor<i64>
  %bound = burin.constant dense<50> : !burin.tensor<i64>
  %true = burin.constant dense<true> : !burin.tensor<i1>
  %go, %power = burin.for %i to %n while carries(%g = %true, %x = %two) : !burin.tensor<i1>, !burin.tensor<i64> {
    %y = burin.mul %x, %two : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
    %less = burin.lt %y, %bound : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i1>
    burin.yield %less, %y : !burin.tensor<i1>, !burin.tensor<i64>
  }
  %expected = burin.constant dense<64> : !burin.tensor<i64>
  task.expect %power, %expected tolerance 0.0 : !burin.tensor<i64>
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
  // expected-error @below {{needs a type for every value}}
  %y = burin.for %i to %n carries(%a = %x, %b = %x) : !burin.tensor<f32> {
    burin.yield %a : !burin.tensor<f32>
  }
  return
}

// -----

func.func private @slice_types(%xs: !burin.tensor<f32[t 3]>) {
  %n = burin.constant dense<3> : !burin.tensor<i64>
  // expected-error @below {{[slice_types]}}
  "burin.for"(%n, %xs) <{operandSegmentSizes = array<i32: 1, 0, 1>}> ({
  ^bb0(%i: !burin.tensor<i64>, %x: !burin.tensor<f32[t 3]>):
    burin.yield
  }) : (!burin.tensor<i64>, !burin.tensor<f32[t 3]>) -> ()
  return
}

// -----

func.func private @emit_types(%x: !burin.tensor<f32>) {
  %n = burin.constant dense<3> : !burin.tensor<i64>
  // expected-error @below {{[emit_types]}}
  %y = burin.for %i to %n emits !burin.tensor<f32> {
    burin.yield %x : !burin.tensor<f32>
  }
  return
}

// -----

func.func private @sequence_extent(%n: !burin.tensor<i64>, %x: !burin.tensor<f32>) {
  // expected-error @below {{[sequence_extent]}}
  %y = burin.for %i to %n emits !burin.tensor<f32[t 3]> {
    burin.yield %x : !burin.tensor<f32>
  }
  return
}

// -----

func.func private @other_extent(%xs: !burin.tensor<f32[t 4]>) {
  %n = burin.constant dense<3> : !burin.tensor<i64>
  // expected-error @below {{[sequence_extent]}}
  burin.for %i to %n over(%x = %xs) : !burin.tensor<f32[t 4]> {
  }
  return
}

// -----

func.func private @while_carries(%n: !burin.tensor<i64>, %x: !burin.tensor<f32>) {
  // expected-error @below {{[while_carries]}}
  %y = burin.for %i to %n while carries(%a = %x) : !burin.tensor<f32> {
    burin.yield %a : !burin.tensor<f32>
  }
  return
}
