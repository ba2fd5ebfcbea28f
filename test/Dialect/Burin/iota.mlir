// burin.iota: the index itself along an axis.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.iota : <!burin.index<c 4>[c 4]>
task.task @values(%seed: !burin.tensor<i64>) {
  %i = burin.iota : !burin.tensor<!burin.index<c 4>[c 4]>
  %y = burin.cast %i : (!burin.tensor<!burin.index<c 4>[c 4]>) -> !burin.tensor<i64[c 4]>
  %expected = burin.constant dense<[0, 1, 2, 3]> : !burin.tensor<i64[c 4]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i64[c 4]>
  task.return
}

// -----

func.func private @iota_type() {
  // expected-error @below {{[iota_type]}}
  %y = burin.iota : !burin.tensor<i64[c 4]>
  return
}

// -----

func.func private @iota_type() {
  // expected-error @below {{[iota_type]}}
  %y = burin.iota : !burin.tensor<!burin.index<c 4>[c 5]>
  return
}

// -----

func.func private @iota_type() {
  // expected-error @below {{[iota_type]}}
  %y = burin.iota : !burin.tensor<!burin.index<c 4>[c 4, d 4]>
  return
}
