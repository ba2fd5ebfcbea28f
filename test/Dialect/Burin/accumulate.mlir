// burin.accumulate is a reduction's lanes, continued from others.
// RUN: %burin-opt %s --interpret --split-input-file --verify-diagnostics -o %t
// RUN: %burin-opt %t --split-input-file | FileCheck %s
// RUN: %burin-opt %s --graph-to-grad --interpret --split-input-file --verify-diagnostics -o /dev/null
// RUN: %python %S/Inputs/compiled.py %s %t.program

// CHECK: burin.accumulate "sum" %{{.*}} into %{{.*}} over ["k"] : (!burin.tensor<f32[i 2, k 20]>, !burin.tensor<f32[i 2, lane 16]>) -> !burin.tensor<f32[i 2, lane 16]>
task.task @values(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[[0.856999993, -2.398, -1.15900004, 1.05599999, -0.256999999, -1.09800005, -0.374000013, -0.542999983, 0.723999977, 0.453999996, -0.280000001, -0.665000021, -0.0540000014, 1.32500005, 0.349000007, 0.638999999, -0.150999993, -1.29200006, -0.711000025, 0.651000023], [0.103, -0.903999984, -1.61800003, 0.111000001, -0.340000004, -0.351000011, -0.328999996, 0.284000009, 0.294, 0.962000012, 0.927999973, 1.33200002, 0.805999994, -0.335999995, -0.0540000014, 0.493999988, -0.310000002, 0.549000025, 1.15400004, -0.800999999]]> : !burin.tensor<f32[i 2, k 20]>
  %acc = burin.constant dense<-0.0> : !burin.tensor<f32[i 2, lane 16]>
  %y = burin.accumulate "sum" %x into %acc over ["k"] : (!burin.tensor<f32[i 2, k 20]>, !burin.tensor<f32[i 2, lane 16]>) -> !burin.tensor<f32[i 2, lane 16]>
  %expected = burin.constant dense<[[0.70599997, -3.69000006, -1.87000012, 1.70700002, -0.256999999, -1.09800005, -0.374000013, -0.542999983, 0.723999977, 0.453999996, -0.280000001, -0.665000021, -0.0540000014, 1.32500005, 0.349000007, 0.638999999], [-0.207000002, -0.354999959, -0.463999987, -0.689999998, -0.340000004, -0.351000011, -0.328999996, 0.284000009, 0.294, 0.962000012, 0.927999973, 1.33200002, 0.805999994, -0.335999995, -0.0540000014, 0.493999988]]> : !burin.tensor<f32[i 2, lane 16]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<f32[i 2, lane 16]>
  task.return
}

// Of tiles, one after the other, the lanes are those of the whole; their reduction is the reduction.
task.task @tiles(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[-1.76999998, 1.19400001, 0.0179999992, 0.708999991, -1.33200002, 1.73300004, 0.739000022, -0.126000002, -0.351999998, 0.114, -0.166999996, -0.279000014, -1.12, 1.26300001, -0.0399999991, 0.075000003, 0.0930000022, -2.35800004, 0.52700001, -0.328999996, -0.289000005, 0.0700000003, -0.972000003, 0.842999995, -0.69599998, -0.903999984, -0.861999989, 0.158999994, 0.745999992, -0.595000029, -1.50999999, 1.06200004, -1.06500006, 1.19500005, -0.0540000014, -0.698000014, -0.639999986, 0.462000012, 0.888999999, -0.197999999, 0.947000027, 2.08699989, -0.208000004, -1.14900005, -1.05400002, -1.38999999, -0.639999986, -0.723999977]> : !burin.tensor<f32[k 48]>
  %low = burin.constant dense<[-1.76999998, 1.19400001, 0.0179999992, 0.708999991, -1.33200002, 1.73300004, 0.739000022, -0.126000002, -0.351999998, 0.114, -0.166999996, -0.279000014, -1.12, 1.26300001, -0.0399999991, 0.075000003]> : !burin.tensor<f32[k 16]>
  %middle = burin.constant dense<[0.0930000022, -2.35800004, 0.52700001, -0.328999996, -0.289000005, 0.0700000003, -0.972000003, 0.842999995, -0.69599998, -0.903999984, -0.861999989, 0.158999994, 0.745999992, -0.595000029, -1.50999999, 1.06200004]> : !burin.tensor<f32[k 16]>
  %high = burin.constant dense<[-1.06500006, 1.19500005, -0.0540000014, -0.698000014, -0.639999986, 0.462000012, 0.888999999, -0.197999999, 0.947000027, 2.08699989, -0.208000004, -1.14900005, -1.05400002, -1.38999999, -0.639999986, -0.723999977]> : !burin.tensor<f32[k 16]>
  %none = burin.constant dense<-0.0> : !burin.tensor<f32[lane 16]>
  %a = burin.accumulate "sum" %low into %none over ["k"] : (!burin.tensor<f32[k 16]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
  %b = burin.accumulate "sum" %middle into %a over ["k"] : (!burin.tensor<f32[k 16]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
  %c = burin.accumulate "sum" %high into %b over ["k"] : (!burin.tensor<f32[k 16]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
  %y = burin.reduce "sum" %c over ["lane"] : (!burin.tensor<f32[lane 16]>) -> !burin.tensor<f32>
  %whole = burin.reduce "sum" %x over ["k"] : (!burin.tensor<f32[k 48]>) -> !burin.tensor<f32>
  task.expect %y, %whole tolerance 0.0 : !burin.tensor<f32>
  %number = burin.constant dense<-6.59600019> : !burin.tensor<f32>
  task.expect %y, %number tolerance 0.0 : !burin.tensor<f32>
  task.return
}

// Bytes wrap, bools are bytes in memory.
task.task @bytes(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<200> : !burin.tensor<ui8[k 18]>
  %none = burin.constant dense<0> : !burin.tensor<ui8[lane 16]>
  %y = burin.accumulate "sum" %x into %none over ["k"] : (!burin.tensor<ui8[k 18]>, !burin.tensor<ui8[lane 16]>) -> !burin.tensor<ui8[lane 16]>
  %y_ = burin.cast %y : (!burin.tensor<ui8[lane 16]>) -> !burin.tensor<i32[lane 16]>
  %sums = burin.constant dense<[144, 144, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200]> : !burin.tensor<i32[lane 16]>
  task.expect %y_, %sums tolerance 0.0 : !burin.tensor<i32[lane 16]>
  task.return
}
task.task @bools(%seed: !burin.tensor<i64>) {
  %x = burin.constant dense<[false, false, true]> : !burin.tensor<i1[k 3]>
  %none = burin.constant dense<false> : !burin.tensor<i1[lane 16]>
  %y = burin.accumulate "any" %x into %none over ["k"] : (!burin.tensor<i1[k 3]>, !burin.tensor<i1[lane 16]>) -> !burin.tensor<i1[lane 16]>
  %expected = burin.constant dense<[false, false, true, false, false, false, false, false, false, false, false, false, false, false, false, false]> : !burin.tensor<i1[lane 16]>
  task.expect %y, %expected tolerance 0.0 : !burin.tensor<i1[lane 16]>
  task.return
}

// -----

func.func private @lane_axis(%x: !burin.tensor<f32[k 2]>, %acc: !burin.tensor<f32[lane 8]>) {
  // expected-error @below {{[lane_axis]}}
  %y = burin.accumulate "sum" %x into %acc over ["k"] : (!burin.tensor<f32[k 2]>, !burin.tensor<f32[lane 8]>) -> !burin.tensor<f32[lane 8]>
  return
}

// -----

func.func private @lane_axis(%x: !burin.tensor<f32[i 2, k 2]>, %acc: !burin.tensor<f32[lane 16, i 2]>) {
  // expected-error @below {{[lane_axis]}}
  %y = burin.accumulate "sum" %x into %acc over ["k"] : (!burin.tensor<f32[i 2, k 2]>, !burin.tensor<f32[lane 16, i 2]>) -> !burin.tensor<f32[lane 16, i 2]>
  return
}

// -----

func.func private @reduce_kind(%x: !burin.tensor<f32[k 2]>, %acc: !burin.tensor<f32[lane 16]>) {
  // expected-error @below {{[reduce_kind]}}
  %y = burin.accumulate "mean" %x into %acc over ["k"] : (!burin.tensor<f32[k 2]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
  return
}

// -----

func.func private @reduced_axes(%x: !burin.tensor<f32[k 2]>, %acc: !burin.tensor<f32[lane 16]>) {
  // expected-error @below {{[reduced_axes]}}
  %y = burin.accumulate "sum" %x into %acc over ["j"] : (!burin.tensor<f32[k 2]>, !burin.tensor<f32[lane 16]>) -> !burin.tensor<f32[lane 16]>
  return
}
