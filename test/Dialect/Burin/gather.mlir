// burin.gather takes the axes named, one per index; axes of the indices that the table has are aligned, others are new.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.gather %{{.*}}[%{{.*}}, %{{.*}}] at ["r", "c"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<!burin.index<c 4>[b 5]>) -> !burin.tensor<f32[b 5]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.32500005, 0.529999971, -2.61100006, -1.32099998], [2.0150001, 1.03799999, 0.523000002, 0.456999987], [1.77100003, 0.536000013, 0.0780000016, -1.23000002]]> : !burin.tensor<f32[r 3, c 4]>
  %i_ = burin.constant dense<[0, 2, 2, 1, 0]> : !burin.tensor<i64[b 5]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<r 3>[b 5]>
  %j_ = burin.constant dense<[3, 0, 0, 1, 2]> : !burin.tensor<i64[b 5]>
  %j = burin.cast %j_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<c 4>[b 5]>
  %y = burin.gather %x[%i, %j] at ["r", "c"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<!burin.index<c 4>[b 5]>) -> !burin.tensor<f32[b 5]>
  %expected = burin.constant dense<[-1.32099998, 1.77100003, 1.77100003, 1.03799999, -2.61100006]> : !burin.tensor<f32[b 5]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[b 5]>
  task.return
}

// An index for each row of the table: row and index are aligned.
task.task @aligned(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.32500005, 0.529999971, -2.61100006, -1.32099998], [2.0150001, 1.03799999, 0.523000002, 0.456999987], [1.77100003, 0.536000013, 0.0780000016, -1.23000002]]> : !burin.tensor<f32[r 3, c 4]>
  %j_ = burin.constant dense<[0, 3, 1]> : !burin.tensor<i64[r 3]>
  %j = burin.cast %j_ : (!burin.tensor<i64[r 3]>) -> !burin.tensor<!burin.index<c 4>[r 3]>
  %y = burin.gather %x[%j] at ["c"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<c 4>[r 3]>) -> !burin.tensor<f32[r 3]>
  %expected = burin.constant dense<[-1.32500005, 0.456999987, 0.536000013]> : !burin.tensor<f32[r 3]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[r 3]>
  task.return
}

// New axes: whole rows are taken.
task.task @rows(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.32500005, 0.529999971, -2.61100006, -1.32099998], [2.0150001, 1.03799999, 0.523000002, 0.456999987], [1.77100003, 0.536000013, 0.0780000016, -1.23000002]]> : !burin.tensor<f32[r 3, c 4]>
  %i_ = burin.constant dense<[0, 2, 2, 1, 0]> : !burin.tensor<i64[b 5]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<r 3>[b 5]>
  %y = burin.gather %x[%i] at ["r"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<r 3>[b 5]>) -> !burin.tensor<f32[b 5, c 4]>
  %expected = burin.constant dense<[[-1.32500005, 0.529999971, -2.61100006, -1.32099998], [1.77100003, 0.536000013, 0.0780000016, -1.23000002], [1.77100003, 0.536000013, 0.0780000016, -1.23000002], [2.0150001, 1.03799999, 0.523000002, 0.456999987], [-1.32500005, 0.529999971, -2.61100006, -1.32099998]]> : !burin.tensor<f32[b 5, c 4]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[b 5, c 4]>
  task.return
}

// With the same place taken twice the cotangents add up.
task.task @gradient(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.32500005, 0.529999971, -2.61100006, -1.32099998], [2.0150001, 1.03799999, 0.523000002, 0.456999987], [1.77100003, 0.536000013, 0.0780000016, -1.23000002]]> : !burin.tensor<f32[r 3, c 4]>
  %w = burin.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : !burin.tensor<f32[b 5]>
  %i_ = burin.constant dense<[0, 2, 2, 1, 0]> : !burin.tensor<i64[b 5]>
  %i = burin.cast %i_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<r 3>[b 5]>
  %j_ = burin.constant dense<[3, 0, 0, 1, 2]> : !burin.tensor<i64[b 5]>
  %j = burin.cast %j_ : (!burin.tensor<i64[b 5]>) -> !burin.tensor<!burin.index<c 4>[b 5]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[r 3, c 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[r 3, c 4]>) {
    %y = burin.gather %px[%i, %j] at ["r", "c"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<r 3>[b 5]>, !burin.tensor<!burin.index<c 4>[b 5]>) -> !burin.tensor<f32[b 5]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[b 5]>, !burin.tensor<f32[b 5]>) -> !burin.tensor<f32[b 5]>
    %s = burin.reduce "sum" %z over ["b"] : (!burin.tensor<f32[b 5]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[[0.0, 0.0, 5.0, 1.0], [0.0, 4.0, 0.0, 0.0], [5.0, 0.0, 0.0, 0.0]]> : !burin.tensor<f32[r 3, c 4]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[r 3, c 4]>
  task.return
}

// Without collisions the cotangent is a selection.
task.task @gradient_aligned(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[-1.32500005, 0.529999971, -2.61100006, -1.32099998], [2.0150001, 1.03799999, 0.523000002, 0.456999987], [1.77100003, 0.536000013, 0.0780000016, -1.23000002]]> : !burin.tensor<f32[r 3, c 4]>
  %w = burin.constant dense<[1.0, 2.0, 3.0]> : !burin.tensor<f32[r 3]>
  %j_ = burin.constant dense<[0, 3, 1]> : !burin.tensor<i64[r 3]>
  %j = burin.cast %j_ : (!burin.tensor<i64[r 3]>) -> !burin.tensor<!burin.index<c 4>[r 3]>
  %l, %dx = burin.grad (%px = %x) : !burin.tensor<f32[r 3, c 4]> -> (!burin.tensor<f32>, !burin.tensor<f32[r 3, c 4]>) {
    %y = burin.gather %px[%j] at ["c"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<c 4>[r 3]>) -> !burin.tensor<f32[r 3]>
    %z = burin.mul %y, %w : (!burin.tensor<f32[r 3]>, !burin.tensor<f32[r 3]>) -> !burin.tensor<f32[r 3]>
    %s = burin.reduce "sum" %z over ["r"] : (!burin.tensor<f32[r 3]>) -> !burin.tensor<f32>
    burin.yield %s : !burin.tensor<f32>
  }
  %expected = burin.constant dense<[[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 2.0], [0.0, 3.0, 0.0, 0.0]]> : !burin.tensor<f32[r 3, c 4]>
  task.expect %dx, %expected tolerance 0.0 : !burin.tensor<f32[r 3, c 4]>
  task.return
}

// -----

func.func private @index_of_axis(%x: !burin.tensor<f32[r 3, c 4]>, %i: !burin.tensor<!burin.index<r 3>>) {
  // expected-error @below {{one index for every axis it takes [index_of_axis]}}
  %y = burin.gather %x[%i] at ["r", "c"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<r 3>>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @index_of_axis(%x: !burin.tensor<f32[r 3, c 4]>, %i: !burin.tensor<!burin.index<r 3>>) {
  // expected-error @below {{no index of that extent [index_of_axis]}}
  %y = burin.gather %x[%i] at ["c"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<r 3>>) -> !burin.tensor<f32[r 3]>
  return
}

// -----

func.func private @index_of_axis(%x: !burin.tensor<f32[r 3, c 4]>, %i: !burin.tensor<i64>) {
  // expected-error @below {{[index_of_axis]}}
  %y = burin.gather %x[%i] at ["r"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<i64>) -> !burin.tensor<f32[c 4]>
  return
}

// -----

func.func private @index_of_axis(%x: !burin.tensor<f32[r 3, c 4]>, %i: !burin.tensor<!burin.index<r 3>>) {
  // expected-error @below {{lacks [index_of_axis]}}
  %y = burin.gather %x[%i] at ["q"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<r 3>>) -> !burin.tensor<f32[r 3, c 4]>
  return
}

// -----

func.func private @gather_axes(%x: !burin.tensor<f32[r 3, c 4]>, %i: !burin.tensor<!burin.index<r 3>>) {
  // expected-error @below {{[gather_axes]}}
  %y = burin.gather %x[%i] at ["r"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<r 3>>) -> !burin.tensor<f32>
  return
}

// -----

func.func private @element_rule(%x: !burin.tensor<f32[r 3, c 4]>, %i: !burin.tensor<!burin.index<r 3>>) {
  // expected-error @below {{[element_rule]}}
  %y = burin.gather %x[%i] at ["r"] : (!burin.tensor<f32[r 3, c 4]>, !burin.tensor<!burin.index<r 3>>) -> !burin.tensor<f64[c 4]>
  return
}
