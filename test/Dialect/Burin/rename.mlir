// burin.rename: the same values, in order, under other names; the names may also change places.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.rename %{{.*}} : (!burin.tensor<f32[i 2, j 3]>) -> !burin.tensor<f32[j 2, i 3]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : !burin.tensor<f32[i 2, j 3]>
  %y = burin.rename %x : (!burin.tensor<f32[i 2, j 3]>) -> !burin.tensor<f32[j 2, i 3]>
  %expected = burin.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : !burin.tensor<f32[j 2, i 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[j 2, i 3]>
  task.return
}

task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : !burin.tensor<f32[i 2, j 3]>
  %w = burin.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : !burin.tensor<f32[j 2, i 3]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[i 2, j 3]> -> (!burin.tensor<f32>, !burin.tensor<f32[i 2, j 3]>) {
    %y = burin.rename %px : (!burin.tensor<f32[i 2, j 3]>) -> !burin.tensor<f32[j 2, i 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[j 2, i 3]>, !burin.tensor<f32[j 2, i 3]>) -> !burin.tensor<f32[j 2, i 3]>
    %s = burin.reduce "sum" %z over ["i", "j"] : (!burin.tensor<f32[j 2, i 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  task.expect %dx, %x tolerance 0.0 : !burin.tensor<f32[i 2, j 3]>
  task.return
}

// -----

func.func private @rename_extents(%x: !burin.tensor<f32[i 2, j 3]>) {
  // expected-error @below {{[rename_extents]}}
  %y = burin.rename %x : (!burin.tensor<f32[i 2, j 3]>) -> !burin.tensor<f32[a 3, b 2]>
  return
}

// -----

func.func private @rename_extents(%x: !burin.tensor<f32[i 2, j 3]>) {
  // expected-error @below {{[rename_extents]}}
  %y = burin.rename %x : (!burin.tensor<f32[i 2, j 3]>) -> !burin.tensor<f32[a 6]>
  return
}

// -----

func.func private @rename_extents(%x: !burin.tensor<f32[i 2, j 3]>) {
  // expected-error @below {{[rename_extents]}}
  %y = burin.rename %x : (!burin.tensor<f32[i 2, j 3]>) -> !burin.tensor<f64[a 2, b 3]>
  return
}
