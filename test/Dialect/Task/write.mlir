// task.write: what its verifier asks, and what it writes.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o /dev/null | FileCheck %s

// CHECK: grid.npy {{.*}}2{{.*}}
task.task @writes(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<2.0> : !burin.tensor<f32[a 1, b 2, c 3]>
  task.write "grid.npy", %x joined [2, 1] : !burin.tensor<f32[a 1, b 2, c 3]>
  task.return
}

// -----

task.task @fewer(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<2.0> : !burin.tensor<f32[a 1, b 2]>
  // expected-error @below {{[joined] are all of the value's axes}}
  task.write "x.npy", %x joined [1] : !burin.tensor<f32[a 1, b 2]>
  task.return
}

// -----

task.task @more(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<2.0> : !burin.tensor<f32[a 1, b 2]>
  // expected-error @below {{[joined] are parts of the value's axes, one at least in each}}
  task.write "x.npy", %x joined [2, 9223372036854775807] : !burin.tensor<f32[a 1, b 2]>
  task.return
}

// -----

task.task @none(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<2.0> : !burin.tensor<f32[a 1]>
  // expected-error @below {{[joined] are parts of the value's axes, one at least in each}}
  task.write "x.npy", %x joined [1, 0] : !burin.tensor<f32[a 1]>
  task.return
}
