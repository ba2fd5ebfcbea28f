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

// -----

task.task @one_coordinate(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32[i 4, p 3]>
  // expected-error @below {{[points] have two coordinates along the last axis, and an axis besides}}
  task.write "x.svg", %x points joined [1, 1] : !burin.tensor<f32[i 4, p 3]>
  task.return
}

// -----

task.task @labels(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32[i 4, p 2]>
  %l = burin.constant dense<true> : !burin.tensor<i1[p 2]>
  // expected-error @below {{[labels] are those of points, along all axes but the last}}
  task.write "x.svg", %x points by %l : !burin.tensor<i1[p 2]> joined [1, 1] : !burin.tensor<f32[i 4, p 2]>
  task.return
}

// -----

task.task @length_behind(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32[i 4, t 2]>
  %n = burin.constant dense<1> : !burin.tensor<i64[t 2]>
  // expected-error @below {{[present] a length is an i64 for each index of the axes before}}
  task.write "x.npy", %x present [-1, 0](%n : !burin.tensor<i64[t 2]>) joined [1, 1] : !burin.tensor<f32[i 4, t 2]>
  task.return
}

// -----

task.task @length_of_none(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32[t 2]>
  // expected-error @below {{[present] numbers the lengths in order}}
  task.write "x.npy", %x present [0](%seed, %seed : !burin.tensor<i64>, !burin.tensor<i64>) joined [1] : !burin.tensor<f32[t 2]>
  task.return
}

// -----

task.task @some_axes(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32[i 3, t 2]>
  // expected-error @below {{[present] says a length or none for each axis}}
  task.write "x.npy", %x present [0](%seed : !burin.tensor<i64>) joined [1, 1] : !burin.tensor<f32[i 3, t 2]>
  task.return
}

// -----

task.task @first_alone(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<1.0> : !burin.tensor<f32[t 2]>
  // expected-error @below {{[rows] are the number of the first, and of all}}
  task.write "x.npy", %x rows(%seed : !burin.tensor<i64>) joined [1] : !burin.tensor<f32[t 2]>
  task.return
}
