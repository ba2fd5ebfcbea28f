// What is computed of a whole data set and does not depend on a loop is computed once, before it: one pass through the
// rows in place of one a step. In a loop whose run is kept, too; there nothing else moves.
// RUN: %burin-opt %s --simplify | FileCheck %s
!rows = !burin.tensor<f32[set ?, n 2]>
!n = !burin.tensor<f32[n 2]>
!i64 = !burin.tensor<i64>
task.data @set "csv" "d.csv" fields [{count = 2 : i64, first = 0 : i64, name = "x", type = !n}] parts [{axis = "set", name = "", rest = false, share = 1.0 : f64}]

// CHECK-LABEL: func.func @once
// CHECK: %[[X:.*]] = task.column
// CHECK: %[[SUM:.*]] = burin.reduce "sum" %[[X]] over ["set"]
// CHECK: burin.for
// CHECK-NOT: burin.reduce
// CHECK: burin.div %[[SUM]]
// CHECK: task.resumable
func.func @once(%from: !n, %steps: !i64) -> !n {
  %r = burin.for "i" %i to %steps carries(%s = %from) : !n {
    %x = task.column @set "" "x" : <f32[set ?, n 2]>
    %sum = burin.reduce "sum" %x over ["set"] : (!rows) -> !n
    %count = task.rows @set "" : <i64>
    %f = burin.cast %count : (!i64) -> !burin.tensor<f32>
    %mean = burin.div %sum, %f : (!n, !burin.tensor<f32>) -> !n
    %next = burin.add %s, %mean : (!n, !n) -> !n
    burin.yield %next : !n
  } {task.resumable}
  func.return %r : !n
}

// From two loops, and what a step changes stays.
// CHECK-LABEL: func.func @nested
// CHECK: burin.reduce "sum"
// CHECK: burin.for
// CHECK-NOT: burin.reduce
// CHECK: burin.for
// CHECK: burin.reduce "max"
// CHECK-NOT: burin.reduce
// CHECK: return
func.func @nested(%from: !n, %steps: !i64) -> !n {
  %r = burin.for "e" %e to %steps carries(%s = %from) : !n {
    %q = burin.for "i" %i to %steps carries(%t = %s) : !n {
      %x = task.column @set "" "x" : <f32[set ?, n 2]>
      %sum = burin.reduce "sum" %x over ["set"] : (!rows) -> !n
      %moved = burin.mul %x, %t : (!rows, !n) -> !rows
      %max = burin.reduce "max" %moved over ["set"] : (!rows) -> !n
      %next = burin.add %max, %sum : (!n, !n) -> !n
      burin.yield %next : !n
    } {task.resumable}
    burin.yield %q : !n
  } {task.resumable}
  func.return %r : !n
}
