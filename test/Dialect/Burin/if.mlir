// burin.if evaluates the side that a bool chooses, and that alone.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.if %{{.*}} -> !burin.tensor<f32[a 2]>, !burin.tensor<i64> {
// CHECK: } else {
task.task @values(%seed: !burin.tensor<i64>) {
  %n = burin.constant dense<4> : !burin.tensor<i64>
  %two = burin.constant dense<2> : !burin.tensor<i64>
  %zero = burin.constant dense<0> : !burin.tensor<i64>
  %x = burin.constant dense<[1.0, 2.0]> : !burin.tensor<f32[a 2]>
  %sum, %odd = burin.for %i to %n carries(%s = %x, %c = %zero) : !burin.tensor<f32[a 2]>, !burin.tensor<i64> {
    %r = burin.rem %i, %two : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
    %even = burin.eq %r, %zero : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i1>
    %t, %d = burin.if %even -> !burin.tensor<f32[a 2]>, !burin.tensor<i64> {
      %twice = burin.add %s, %s : (!burin.tensor<f32[a 2]>, !burin.tensor<f32[a 2]>) -> !burin.tensor<f32[a 2]>
      burin.yield %twice, %c : !burin.tensor<f32[a 2]>, !burin.tensor<i64>
    } else {
      %more = burin.add %c, %i : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i64>
      burin.yield %s, %more : !burin.tensor<f32[a 2]>, !burin.tensor<i64>
    }
    burin.yield %t, %d : !burin.tensor<f32[a 2]>, !burin.tensor<i64>
  }
  %expected = burin.constant dense<[4.0, 8.0]> : !burin.tensor<f32[a 2]>
  %four = burin.constant dense<4> : !burin.tensor<i64>
  task.expect %sum, %expected tolerance 0.0 : !burin.tensor<f32[a 2]>
  task.expect %odd, %four tolerance 0.0 : !burin.tensor<i64>
  task.return
}

// Without results, for what it does.
task.task @effects(%seed: !burin.tensor<i64>) {
  %zero = burin.constant dense<0> : !burin.tensor<i64>
  %no = burin.lt %zero, %zero : (!burin.tensor<i64>, !burin.tensor<i64>) -> !burin.tensor<i1>
  %wrong = burin.constant dense<1> : !burin.tensor<i64>
  burin.if %no {
    task.expect %zero, %wrong tolerance 0.0 : !burin.tensor<i64>
  } else {
    task.expect %zero, %zero tolerance 0.0 : !burin.tensor<i64>
  }
  task.return
}

// -----

func.func private @condition(%x: !burin.tensor<f32>) {
  // expected-note @above {{prior use here}}
  // expected-error @below {{expects different type}}
  burin.if %x {
  } else {
  }
  return
}

// -----

func.func private @branch_types(%c: !burin.tensor<i1>, %x: !burin.tensor<f32>) {
  // expected-error @below {{[branch_types]}}
  %y = burin.if %c -> !burin.tensor<f32> {
    burin.yield %x : !burin.tensor<f32>
  } else {
    burin.yield
  }
  return
}
